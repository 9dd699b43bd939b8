import type { CatalogueEntry } from "../entry.ts";

/** Failures of storage. */
export const storage = {
  "storage/full": {
    status: 507,
    message: (d: { what: string; folder: string }) =>
      `Cannot write ${d.what}: no space left in "${d.folder}"`,
    safe: "Everything saved before is kept; the run is paused",
    hint: "Free space, then resume",
  },
  "storage/read-only": {
    status: 403,
    message: (d: { folder: string }) => `Cannot write to "${d.folder}": it is read-only`,
    safe: "Nothing was changed",
    hint: "Choose another folder with --out",
  },
  "storage/failed": {
    status: 500,
    message: (d: { what: string; why: string }) => `Cannot write ${d.what}: ${d.why}`,
    safe: "Everything saved before is kept",
    hint: "Check the drive, then try again",
  },
} satisfies Record<string, CatalogueEntry>;
