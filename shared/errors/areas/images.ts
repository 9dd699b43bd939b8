import type { CatalogueEntry } from "../entry.ts";

/** What can be wrong with a picture's file, as the clause after the colon. */
export const imageFaults = {
  empty: "the file is empty",
  truncated: "the file ends before its picture does",
  damaged: "its pixel data is damaged",
  "bad-header": "its header is damaged",
  "no-access": "the system does not let Hansight read it",
  "no-pixels": "it holds no pixels",
  "float-pixels": "its pixels are numbers without a stated range of grey",
  "bmp-kind": "it is a kind of BMP that Hansight does not read",
  "mask-size": "the mask's run lengths do not fill its width and height",
} as const;
export type ImageFault = keyof typeof imageFaults;

/** Formats that are recognised but not read, in the words of the error. */
export const foreignFormats = {
  svg: "SVG",
  ico: "a Windows icon (ICO)",
  netpbm: "Netpbm (PPM, PGM, PBM)",
  qoi: "QOI",
  jp2: "JPEG 2000",
  jxl: "JPEG XL",
  heic: "HEIC",
  pdf: "PDF",
  psd: "Photoshop (PSD)",
  exr: "OpenEXR",
  hdr: "Radiance HDR",
  dicom: "DICOM",
  nifti: "NIfTI",
  npy: "a NumPy array",
  zip: "a ZIP archive",
  gzip: "a gzip archive",
  hdf5: "HDF5",
  html: "a web page",
  "git-lfs": "a Git LFS pointer without its picture",
  text: "text",
  unknown: "its content",
} as const;
export type ForeignFormat = keyof typeof foreignFormats;

/** Failures of images. */
export const images = {
  "image/unreadable": {
    status: 422,
    message: (d: { file: string; why: ImageFault }) =>
      `Cannot read image "${d.file}": ${imageFaults[d.why]}`,
    safe: "The other images are read",
    hint: "Open the file in an image viewer; save it again as PNG or JPEG",
  },
  "image/unknown-format": {
    status: 422,
    message: (d: { file: string; format: ForeignFormat }) =>
      `Cannot read image "${d.file}": ${foreignFormats[d.format]} is not a format Hansight reads`,
    safe: "The other images are read",
    hint: "Save it as JPEG, PNG, WebP, TIFF, GIF, BMP or AVIF",
  },
  "image/too-large": {
    status: 422,
    message: (d: { file: string; width: number; height: number; limit: number }) =>
      `Cannot read image "${d.file}": ${d.width} × ${d.height} pixels is over the limit of ${d.limit / 1e6} million`,
    safe: "It was refused by its header and never unpacked",
    hint: "Scale it down, or cut it into parts",
  },
  "image/file-too-large": {
    status: 422,
    message: (d: { file: string; bytes: number; limit: number }) =>
      `Cannot read image "${d.file}": the file has ${Math.round(d.bytes / 1e6)} MB, the limit is ${Math.round(d.limit / 1e6)} MB`,
    safe: "It was refused by its size and never read",
    hint: "Scale it down, or cut it into parts",
  },
  "image/wrong-size": {
    status: 422,
    message: (d: {
      file: string;
      width: number;
      height: number;
      wantedWidth: number;
      wantedHeight: number;
    }) =>
      `Cannot prepare image "${d.file}": it has ${d.width} × ${d.height} pixels and the preparation, which does not resize, wants ${d.wantedWidth} × ${d.wantedHeight}`,
    safe: "The other images are prepared",
    hint: "Choose the geometry stretch, crop or letterbox",
  },
  "image/missing": {
    status: 404,
    message: (d: { file: string }) => `Cannot read image "${d.file}": it is not at its place`,
    safe: "Verdicts on it are kept",
    hint: "Put the file back, or run again without it",
  },
} satisfies Record<string, CatalogueEntry>;
