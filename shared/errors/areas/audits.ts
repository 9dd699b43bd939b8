import type { CatalogueEntry } from "../entry.ts";

/** Failures of audits: opening, finding and sharing them. */
export const audits = {
  "audit/not-found": {
    status: 404,
    message: (d: { auditId: string }) =>
      `Cannot open audit "${d.auditId}": it is not in the library`,
    safe: "Nothing was changed",
    hint: "Open its .hansight folder again",
  },
  "audit/in-use": {
    status: 409,
    message: (d: { name: string; by: string; since: string }) =>
      `Cannot change audit "${d.name}": it is open by ${d.by} since ${d.since}`,
    safe: "It can be read; nothing was changed",
    hint: "Close it there, then open it again here",
  },
  "audit/exists": {
    status: 409,
    message: (d: { folder: string }) =>
      `Cannot create audit "${d.folder}": the folder exists already`,
    safe: "The existing folder was not touched",
    hint: "Choose another name, or continue it with: hansight run",
  },
  "audit/not-an-audit": {
    status: 422,
    message: (d: { folder: string }) => `Cannot open "${d.folder}": it holds no audit`,
    safe: "Nothing was changed",
    hint: "Choose a folder that ends in .hansight",
  },
} satisfies Record<string, CatalogueEntry>;
