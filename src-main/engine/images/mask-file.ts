import { basename } from "node:path";
import { crc32 } from "node:zlib";
import { AppError, fail } from "../../../shared/errors/app-error.ts";
import type { Mask } from "../../../shared/geometry/mask.ts";
import { decodeBmpValues } from "./bmp.ts";
import { faultOf } from "./decode.ts";
import { readImageFile } from "./file.ts";
import { sniffFormat, type ImageFormat } from "./format.ts";
import { checkPixels } from "./limits.ts";
import { sharp } from "./sharp.ts";

/**
 * A mask file: every value but 0 and the ignored ones is evidence. Values are what the file stores: palette indices
 * (greys where the palette holds nothing else), 16-bit numbers, no colour management. Of a colour mask a pixel counts
 * when any channel does; transparent pixels count as 0. In lossy files (JPEG, AVIF), whose edges ring, evidence begins
 * at half brightness.
 */
export async function readMaskFile(path: string, ignore: readonly number[] = []): Promise<Mask> {
  const file = basename(path);
  const bytes = await readImageFile(path);
  if (bytes.length === 0) fail("image/unreadable", { file, why: "empty" });
  const sniffed = sniffFormat(bytes);
  if (sniffed.kind === "foreign") fail("image/unknown-format", { file, format: sniffed.format });
  const { width, height, channels, values } = await readValues(bytes, sniffed.format, file);
  const isLossy = sniffed.format === "jpeg" || sniffed.format === "avif";
  const least = isLossy ? 128 : 1;
  const ignored = new Set(channels === 1 ? ignore : []);
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++)
    for (let c = 0; c < channels; c++) {
      const value = values[i * channels + c];
      if (value >= least && !ignored.has(value)) data[i] = 255;
    }
  return { width, height, data };
}

/** The numbers of a palette PNG whose colours are not greys alone; null for every other file. */
export async function readPaletteIndices(path: string, file: string): Promise<Mask | null> {
  const bytes = await readImageFile(path);
  const sniffed = sniffFormat(bytes);
  const isPalette = sniffed.kind !== "foreign" && sniffed.format === "png" && bytes[25] === 3;
  if (!isPalette || isGreyPalette(bytes)) return null;
  const { width, height, values } = await readValues(bytes, "png", file);
  return { width, height, data: Uint8Array.from(values) };
}

interface Values {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly values: Uint8Array | Uint16Array;
}

async function readValues(bytes: Uint8Array, format: ImageFormat, file: string): Promise<Values> {
  if (format === "bmp") return decodeBmpValues(bytes, file);
  if (format === "dicom") fail("image/unknown-format", { file, format });
  try {
    const hasPalette = format === "png" && bytes[25] === 3; // colour type of the header chunk
    const indexed = hasPalette && !isGreyPalette(bytes) ? asIndexPicture(bytes) : null;
    const image = sharp(indexed ?? bytes, {
      limitInputPixels: false,
      failOn: "error",
      ignoreIcc: true,
    });
    const header = await image.metadata();
    checkPixels(file, header.width, header.height);
    const isWide = header.depth === "ushort";
    const isGrey = header.space === "b-w" || header.space === "grey16";
    const { data, info } = await image
      .autoOrient()
      .flatten({ background: "black" })
      .toColourspace(isGrey ? (isWide ? "grey16" : "b-w") : isWide ? "rgb16" : "srgb")
      .raw({ depth: isWide ? "ushort" : "uchar" })
      .toBuffer({ resolveWithObject: true });
    const values = isWide
      ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
      : data;
    const { width, height, channels } = info;
    if (!hasPalette) return { width, height, channels, values };
    return { width, height, channels: 1, values: values.filter((_, i) => i % channels === 0) };
  } catch (error) {
    if (error instanceof AppError) throw error;
    return fail("image/unreadable", { file, why: faultOf(error) }, { cause: error });
  }
}

/**
 * A palette PNG with its palette replaced by the grey ramp 0, 1, 2, … and its transparency dropped, so that decoding
 * yields the indices.
 */
function asIndexPicture(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    const chunk = bytes.subarray(at, at + 12 + length);
    if (type === "PLTE") parts.push(greyRamp(1 << bytes[24]));
    else if (type !== "tRNS" && type !== "iCCP" && type !== "gAMA") parts.push(chunk);
    at += 12 + length;
  }
  return Buffer.concat(parts);
}

/**
 * Whether a palette holds greys alone. Then the colours are the values, and their order means nothing: optimisers write
 * black and white masks with white first.
 */
function isGreyPalette(bytes: Uint8Array): boolean {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf("PLTE");
  if (at < 4) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at - 4);
  for (let i = at + 4; i < at + 4 + length; i += 3)
    if (bytes[i] !== bytes[i + 1] || bytes[i] !== bytes[i + 2]) return false;
  return true;
}

function greyRamp(entries: number): Uint8Array {
  const end = 8 + entries * 3;
  const chunk = Buffer.alloc(end + 4);
  chunk.writeUInt32BE(entries * 3, 0);
  chunk.write("PLTE", 4, "latin1");
  for (let i = 0; i < entries; i++) chunk.fill(i, 8 + i * 3, 11 + i * 3);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, end)), end);
  return chunk;
}
