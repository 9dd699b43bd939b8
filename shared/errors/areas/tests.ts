import type { CatalogueEntry } from "../entry.ts";

/** Failures of region tests. */
export const tests = {
  "test/outside": {
    status: 422,
    message: (_: object) =>
      "Cannot test the region: it lies outside the part of the picture that the model saw",
    safe: "Nothing was changed",
    hint: "Move the region into the part that the map covers",
  },
  "test/no-region": {
    status: 404,
    message: (d: { region: string; item: number }) =>
      `Cannot test region "${d.region}": item ${d.item} has no such region`,
    safe: "Nothing was changed",
    hint: "Choose one of the item's regions, or give a box as x,y,w,h",
  },
  "test/no-item": {
    status: 404,
    message: (d: { item: string }) =>
      `Cannot test a region of "${d.item}": no item of this audit has that path`,
    safe: "Nothing was changed",
    hint: "Give the item's number, or its path below the image folder",
  },
  "test/no-run": {
    status: 422,
    message: (_: object) =>
      "Cannot test a region: a test belongs to a run, and this audit has none",
    safe: "Nothing was changed",
    hint: "Make a run of maps first",
  },
  "test/no-picture": {
    status: 422,
    message: (d: { file: string }) =>
      `Cannot test a region of "${d.file}": its picture cannot be read`,
    safe: "Nothing was changed",
    hint: "Put the file back where it was",
  },
  "test/cancelled": {
    status: 409,
    message: (_: object) => "Cannot show the region test: it was cancelled",
    safe: "Nothing was changed",
    hint: "Test the region again",
  },
  "test/model-changed": {
    status: 409,
    message: (d: { file: string }) =>
      `Cannot test a region: "${d.file}" is not the model file that the run was made with`,
    safe: "Runs and tests made before are kept",
    hint: "Put the model file back, or make a new run with the changed model",
  },
} satisfies Record<string, CatalogueEntry>;
