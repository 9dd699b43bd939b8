import type { CatalogueEntry } from "../entry.ts";

/** Failures of method benches. */
export const bench = {
  "bench/no-method": {
    status: 422,
    message: (_: object) => "Cannot compare: the model supports none of these methods",
    safe: "Nothing was changed",
    hint: "hansight inspect lists the methods that it supports and their cost",
  },
  "bench/no-images": {
    status: 422,
    message: (_: object) => "Cannot compare: there is no image to measure on",
    safe: "Nothing was changed",
    hint: "Choose a folder with images, or a larger sample",
  },
  "bench/unknown": {
    status: 404,
    message: (_: object) => "Cannot find this bench: the app does not hold it any more",
    safe: "The audit is unchanged",
    hint: "Start it again",
  },
} satisfies Record<string, CatalogueEntry>;
