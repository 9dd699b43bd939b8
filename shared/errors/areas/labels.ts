import type { CatalogueEntry } from "../entry.ts";

/** Failures of pseudo labels. */
export const labels = {
  "labels/no-labels": {
    status: 422,
    message: (_: object) =>
      "Cannot make pseudo labels: no image has a label that the model knows, so nobody says which classes it shows",
    safe: "Nothing was written",
    hint: "Let the model say it: --classes-from predictions; such labels are not comparable with published ones",
  },
  "labels/too-many-classes": {
    status: 422,
    message: (d: { classes: number; most: number }) =>
      `Cannot make pseudo labels: ${d.classes} classes do not fit the ${d.most} numbers of a palette picture`,
    safe: "Nothing was written",
    hint: "Use a model of fewer classes",
  },
  "labels/folder-in-use": {
    status: 409,
    message: (d: { folder: string }) => `Cannot write into "${d.folder}": it is not empty`,
    safe: "It is as it was",
    hint: "Choose an empty folder, or write over it with --force",
  },
} satisfies Record<string, CatalogueEntry>;
