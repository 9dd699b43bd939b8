import type { CatalogueEntry } from "../entry.ts";

/** Failures of images. */
export const images = {
  "image/unreadable": {
    status: 422,
    message: (d: { file: string; why: string }) => `Cannot read image "${d.file}": ${d.why}`,
    safe: "The other images are read",
    hint: "Open the file in an image viewer; save it again as PNG or JPEG",
  },
  "image/unknown-format": {
    status: 422,
    message: (d: { file: string; format: string }) =>
      `Cannot read image "${d.file}": ${d.format} is not a format Hansight reads`,
    safe: "The other images are read",
    hint: "Save it as JPEG, PNG, WebP, TIFF, GIF, BMP or AVIF",
  },
  "image/too-large": {
    status: 422,
    message: (d: { file: string; width: number; height: number; limit: number }) =>
      `Cannot read image "${d.file}": ${d.width} × ${d.height} pixels is over the limit of ${d.limit}`,
    safe: "It was refused by its header and never unpacked",
    hint: "Scale it down, or cut it into parts",
  },
  "image/missing": {
    status: 404,
    message: (d: { file: string }) => `Cannot read image "${d.file}": it is not at its place`,
    safe: "Verdicts on it are kept",
    hint: "Put the file back, or run again without it",
  },
} satisfies Record<string, CatalogueEntry>;
