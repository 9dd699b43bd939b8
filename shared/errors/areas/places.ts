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
  "place/unknown": {
    status: 404,
    message: (_: object) =>
      "Cannot open the chosen place: it was chosen before the app last started",
    safe: "Nothing was changed",
    hint: "Choose it again",
  },
  "place/unreadable": {
    status: 403,
    message: (d: { path: string }) =>
      `Cannot list "${d.path}": it is no folder, or may not be read`,
    safe: "Nothing was changed",
    hint: "Choose another folder",
  },
} satisfies Record<string, CatalogueEntry>;
