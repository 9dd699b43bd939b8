import type { ForeignFormat } from "../../../shared/errors/areas/images.ts";
import { looksLikeDicom } from "../../dicom/part10.ts";

/** Formats whose pixels Hansight reads. */
export type ImageFormat = "jpeg" | "png" | "webp" | "tiff" | "gif" | "avif" | "bmp" | "dicom";

export type SniffedFormat =
  | { readonly kind: "readable"; readonly format: ImageFormat }
  | { readonly kind: "foreign"; readonly format: ForeignFormat };

/** How many leading bytes `sniffFormat` looks at. */
export const sniffBytes = 512;

const magics: readonly (readonly [offset: number, magic: string, format: ImageFormat])[] = [
  [0, "\xff\xd8\xff", "jpeg"],
  [0, "\x89PNG\r\n\x1a\n", "png"],
  [8, "WEBP", "webp"],
  [0, "II*\0", "tiff"],
  [0, "MM\0*", "tiff"],
  [0, "II+\0", "tiff"],
  [0, "MM\0+", "tiff"],
  [0, "GIF8", "gif"],
  [4, "ftypavif", "avif"],
  [4, "ftypavis", "avif"],
  [0, "BM", "bmp"],
];

const foreignMagics: readonly (readonly [number, string, ForeignFormat])[] = [
  [0, "\0\0\x01\0", "ico"],
  [0, "qoif", "qoi"],
  [0, "\0\0\0\x0cjP  ", "jp2"],
  [0, "\xff\x4f\xff\x51", "jp2"],
  [0, "\0\0\0\x0cJXL ", "jxl"],
  [0, "\xff\x0a", "jxl"],
  [4, "ftyphei", "heic"],
  [4, "ftyphev", "heic"],
  [4, "ftypmif1", "heic"],
  [4, "ftypmsf1", "heic"],
  [0, "%PDF", "pdf"],
  [0, "8BPS", "psd"],
  [0, "\x76\x2f\x31\x01", "exr"],
  [0, "#?RADIANCE", "hdr"],
  [344, "n+1\0", "nifti"],
  [344, "ni1\0", "nifti"],
  [0, "\x93NUMPY", "npy"],
  [0, "PK\x03\x04", "zip"],
  [0, "\x1f\x8b", "gzip"],
  [0, "\x89HDF", "hdf5"],
  [0, "version https://git-lfs", "git-lfs"],
];

/** What a file is by its first bytes; its name is not looked at, because names lie. */
export function sniffFormat(head: Uint8Array): SniffedFormat {
  const text = Buffer.from(head.subarray(0, sniffBytes)).toString("latin1");
  if (text.startsWith("DICM", 128)) return { kind: "readable", format: "dicom" }; // its preamble may be a TIFF's
  for (const [offset, magic, format] of magics)
    if (text.startsWith(magic, offset)) return { kind: "readable", format };
  // `mif1` alone names no codec; an AVIF says so among its compatible brands.
  if (text.startsWith("ftyp", 4) && text.slice(8, 64).includes("avif"))
    return { kind: "readable", format: "avif" };
  if (/^.?PNG/s.test(text)) return { kind: "readable", format: "png" }; // a signature spoilt in transfer
  for (const [offset, magic, format] of foreignMagics)
    if (text.startsWith(magic, offset)) return { kind: "foreign", format };
  if (looksLikeDicom(head)) return { kind: "readable", format: "dicom" };
  return { kind: "foreign", format: textFormat(text) };
}

function textFormat(text: string): ForeignFormat {
  if (/^P[1-7]\s/.test(text)) return "netpbm";
  if (/<svg[\s>]/.test(text)) return "svg";
  if (/^\s*<(!doctype html|html|head|body)/i.test(text)) return "html";

  if (text !== "" && !/[\0-\x08\x0e-\x1f]/.test(text)) return "text";
  return "unknown";
}
