import type { CatalogueEntry } from "../entry.ts";

/** Failures of places: choosing files. */
export const places = {
  "place/outside": {
    status: 403,
    message: (d: { path: string }) =>
      `Cannot open "${d.path}": it is outside the folders Hansight may read`,
    safe: "Nothing was read",
    hint: "Start with: hansight serve --allow FOLDER",
  },
  "place/not-found": {
    status: 404,
    message: (d: { path: string }) => `Cannot open "${d.path}": it is not there`,
    safe: "Nothing was changed",
    hint: "Check the path, or choose it again",
  },
} satisfies Record<string, CatalogueEntry>;
