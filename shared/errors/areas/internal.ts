import type { CatalogueEntry } from "../entry.ts";

/** Failures of our own mistakes, and what nobody foresaw. */
export const internal = {
  "internal/unexpected": {
    status: 500,
    message: (d: { message: string }) => `Cannot go on: ${d.message}`,
    safe: "What was saved before is kept",
    hint: "Try again; if it happens again, report it with these words",
  },
} satisfies Record<string, CatalogueEntry>;
