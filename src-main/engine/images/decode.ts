import { basename } from "node:path";
import { AppError, fail } from "../../../shared/errors/app-error.ts";
import type { ImageFault } from "../../../shared/errors/areas/images.ts";
import { decodeBmp } from "./bmp.ts";
import { pictureFile, type PicturePath } from "../../../shared/domain/picture-path.ts";
import type { PictureWindow } from "../../../shared/domain/picture-window.ts";
import { openDicomImage } from "../../dicom/file.ts";
import { decodeFrame, openFrame } from "./dicom.ts";
import { readHashed, readImageFile } from "./file.ts";
import { sniffFormat, type ImageFormat } from "./format.ts";
import { checkPixels } from "./limits.ts";
import { sharp } from "./sharp.ts";

/**
 * One picture as the whole product sees it: upright (EXIF), sRGB or grey, eight bits, transparent parts on white, the
 * first frame of several. `data` is `[height, width, channels]`.
 */
export interface DecodedImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
  /** Bits per sample in the file. */
  readonly depth: number;
  readonly format: ImageFormat;
  /** The EXIF orientation that was applied, 1 to 8. */
  readonly orientation: number;
  /** Frames or pages in the file; the first is `data`. */
  readonly frames: number;
}

/**
 * Decodes a picture, or bytes whose errors shall name `file`. What cannot be read exactly is refused: a cut or damaged
 * file never yields a half picture. `window` makes greys of values in units; formats without such values ignore it.
 */
export async function decodeImage(
  source: PicturePath | Uint8Array,
  file = typeof source === "string" ? basename(pictureFile(source).file) : "",
  window?: PictureWindow,
): Promise<DecodedImage> {
  if (typeof source === "string" && pictureFile(source).frame !== null)
    return decodeFrame(await openFrame(source), window);
  const bytes = typeof source === "string" ? await readImageFile(source) : source;
  if (bytes.length === 0) fail("image/unreadable", { file, why: "empty" });
  const sniffed = sniffFormat(bytes);
  if (sniffed.kind === "foreign") fail("image/unknown-format", { file, format: sniffed.format });
  if (sniffed.format === "bmp") return decodeBmp(bytes, file);
  if (sniffed.format === "dicom")
    return decodeFrame({ image: openDicomImage(bytes, file), number: 0 }, window);
  return decodeBySharp(bytes, sniffed.format, file);
}

/** Decodes a picture and takes the SHA-256 of its file from the same read. */
export async function hashAndDecode(
  path: PicturePath,
  window?: PictureWindow,
): Promise<DecodedImage & { sha256: string }> {
  if (pictureFile(path).frame !== null) {
    const opened = await openFrame(path);
    return { ...(await decodeFrame(opened, window)), sha256: opened.sha256 };
  }
  const { bytes, sha256, file } = await readHashed(path);
  return { ...(await decodeImage(bytes, file, window)), sha256 };
}

async function decodeBySharp(
  bytes: Uint8Array,
  format: ImageFormat,
  file: string,
): Promise<DecodedImage> {
  try {
    // Our own limit is checked on the header, so libvips' is off; "error" refuses cut and damaged data.
    const image = sharp(bytes, { limitInputPixels: false, failOn: "error" });
    const header = await image.metadata();
    checkPixels(file, header.width, header.height);
    if (header.depth !== "uchar" && header.depth !== "ushort" && header.space !== "labs")
      fail("image/unreadable", { file, why: "float-pixels" });
    const isGrey = header.space === "b-w" || header.space === "grey16";
    const { data, info } = await image
      .autoOrient()
      .flatten({ background: "white" })
      .toColourspace(isGrey ? "b-w" : "srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return {
      widthPx: info.width,
      heightPx: info.height,
      channels: info.channels === 1 ? 1 : 3,
      data,
      depth:
        header.depth === "ushort" || header.space === "labs" ? 16 : (header.bitsPerSample ?? 8),
      format,
      orientation: header.orientation ?? 1,
      frames: header.pages ?? 1,
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = format === "png" && isCutPng(bytes) ? "truncated" : faultOf(error);
    return fail("image/unreadable", { file, why }, { cause: error });
  }
}

/** libvips' words sorted into ours. */
export function faultOf(error: unknown): ImageFault {
  const words = error instanceof Error ? error.message : String(error);
  if (
    /truncated|premature end|unexpected end|end of (file|stream|gif|data)|short read/i.test(words)
  )
    return "truncated";
  if (/header|unsupported image format/i.test(words)) return "bad-header";
  return "damaged";
}

/** Whether a PNG's chunks are sound up to where the file ends; libpng does not say which of its errors is that. */
function isCutPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    if (type === "IEND" || !/^[A-Za-z]{4}$/.test(type)) return false;
  }
  return true;
}
