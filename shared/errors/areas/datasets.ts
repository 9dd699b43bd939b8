import type { CatalogueEntry } from "../entry.ts";

/** Failures of datasets: folders, labels, classes and evidence. */
export const datasets = {
  "dataset/empty": {
    status: 422,
    message: (d: { folder: string; found: string }) =>
      `Cannot audit "${d.folder}": it holds no image${d.found ? ` (${d.found})` : ""}`,
    safe: "Nothing was written",
    hint: "Choose a folder with JPEG, PNG, WebP, TIFF, GIF, BMP or AVIF files",
  },
} satisfies Record<string, CatalogueEntry>;
