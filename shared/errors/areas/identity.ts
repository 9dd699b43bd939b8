import type { CatalogueEntry } from "../entry.ts";

/** What keeps a picture that may show a name from leaving. */
export const identity = {
  "identity/unanswered": {
    status: 409,
    message: (d: { pictures: number; yes: number; unknown: number }) =>
      d.pictures === 1
        ? `Cannot export: 1 picture may show identity (${d.yes} yes, ${d.unknown} unknown)`
        : `Cannot export: ${d.pictures} pictures may show identity (${d.yes} yes, ${d.unknown} unknown)`,
    safe: "Nothing was written",
    hint: "Mask, confirm, or leave them out first",
  },
  "identity/nobody": {
    status: 401,
    message: (_: object) => "Cannot answer for pictures that may show identity: nobody is named",
    safe: "Nothing was written",
    hint: "Add a person in the window, then answer there or with --as",
  },
} satisfies Record<string, CatalogueEntry>;
