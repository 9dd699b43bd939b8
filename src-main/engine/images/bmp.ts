import { fail } from "../../../shared/errors/app-error.ts";
import { checkPixels } from "./limits.ts";
import type { DecodedImage } from "./decode.ts";

/**
 * Windows bitmaps, which libvips does not read: 1, 4 and 8 bits with palette, 16, 24 and 32 bits, bit fields, run
 * lengths, bottom-up and top-down. (fast-bmp reads neither palettes nor plain 32-bit files nor top-down ones; it is
 * the witness in the test.) Alpha is flattened on white only where the header names an alpha mask.
 */
export interface BmpHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly pixelOffset: number;
  /** Palette as r, g, b triples; null above 8 bits. */
  readonly palette: Uint8Array | null;
  /** Bit masks of red, green, blue, alpha; null where the pixel has fixed bytes. */
  readonly masks: readonly [number, number, number, number] | null;
}

const RGB = 0;
const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const ALPHABITFIELDS = 6;

/** Reads and checks the header; nothing is unpacked. */
export function readBmpHeader(bytes: Uint8Array, file: string): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) fail("image/unreadable", { file, why: "truncated" });
  const headerSize = view.getUint32(14, true);
  const isCore = headerSize === 12; // OS/2 1.x: 16-bit sizes, three-byte palette
  if (!isCore && (headerSize < 40 || headerSize > 124 || bytes.length < 54))
    fail("image/unreadable", { file, why: "bad-header" });
  const widthPx = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isCore ? view.getInt16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? RGB : view.getUint32(30, true);
  if (widthPx < 0) fail("image/unreadable", { file, why: "bad-header" });
  checkPixels(file, widthPx, Math.abs(height));
  if (!isKnownKind(bits, compression)) fail("image/unreadable", { file, why: "bmp-kind" });

  const masks = bits === 16 || bits === 32 ? readMasks(view, bits, compression, headerSize) : null;
  const paletteStart = 14 + headerSize;
  return {
    widthPx,
    heightPx: Math.abs(height),
    isTopDown: height < 0,
    bits,
    compression,
    pixelOffset: view.getUint32(10, true),
    palette:
      bits <= 8
        ? readPalette(bytes, paletteStart, isCore, view.getUint32(10, true), 1 << bits)
        : null,
    masks,
  };
}

/** Decodes a bitmap; a file that ends early, or whose runs leave the picture, is refused. */
export function decodeBmp(bytes: Uint8Array, file: string): DecodedImage {
  const header = readBmpHeader(bytes, file);
  const { widthPx, heightPx, bits } = header;
  const data = new Uint8Array(widthPx * heightPx * 3);
  if (header.compression === RLE8 || header.compression === RLE4)
    unpackRuns(bytes, header, data, file);
  else unpackRows(bytes, header, data, file);
  return {
    ...(isAllGrey(header.palette) ? asGrey(data) : { data, channels: 3 as const }),
    widthPx,
    heightPx,
    depth: Math.min(bits, 8),
    format: "bmp",
    frames: 1,
  };
}

function isKnownKind(bits: number, compression: number): boolean {
  if (compression === RGB) return [1, 4, 8, 16, 24, 32].includes(bits);
  if (compression === RLE8) return bits === 8;
  if (compression === RLE4) return bits === 4;
  return (
    (compression === BITFIELDS || compression === ALPHABITFIELDS) && (bits === 16 || bits === 32)
  );
}

function readMasks(
  view: DataView,
  bits: number,
  compression: number,
  headerSize: number,
): [number, number, number, number] {
  if (compression === RGB)
    return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const at = (i: number) =>
    54 + 4 * i + 4 <= view.byteLength ? view.getUint32(54 + 4 * i, true) : 0;
  const hasAlphaMask = headerSize >= 56 || compression === ALPHABITFIELDS;
  return [at(0), at(1), at(2), hasAlphaMask ? at(3) : 0];
}

function readPalette(
  bytes: Uint8Array,
  start: number,
  isCore: boolean,
  end: number,
  size: number,
): Uint8Array {
  const step = isCore ? 3 : 4;
  const palette = new Uint8Array(size * 3);
  for (let i = 0; i < size; i++) {
    const at = start + i * step;
    if (at + 3 > Math.min(end, bytes.length)) break; // missing entries stay black
    palette.set([bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0], i * 3);
  }
  return palette;
}

function unpackRows(bytes: Uint8Array, header: BmpHeader, out: Uint8Array, file: string): void {
  const { widthPx, heightPx, bits, pixelOffset, palette, masks } = header;
  const stride = Math.ceil((widthPx * bits) / 32) * 4;
  const lastRow = pixelOffset + stride * (heightPx - 1) + Math.ceil((widthPx * bits) / 8);
  if (lastRow > bytes.length) fail("image/unreadable", { file, why: "truncated" });
  const channel = masks?.map(maskReader);
  for (let row = 0; row < heightPx; row++) {
    const source = pixelOffset + row * stride;
    let to = (header.isTopDown ? row : heightPx - 1 - row) * widthPx * 3;
    for (let x = 0; x < widthPx; x++, to += 3) {
      if (palette) {
        const bit = x * bits;
        const byte = bytes[source + (bit >> 3)] ?? 0;
        const index = (byte >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
        out[to] = palette[index * 3] ?? 0;
        out[to + 1] = palette[index * 3 + 1] ?? 0;
        out[to + 2] = palette[index * 3 + 2] ?? 0;
      } else if (channel) {
        const at = source + (x * bits) / 8;
        const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
        const value =
          bits === 16
            ? low
            : (low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
        const alpha = masks?.[3] ? (channel[3]?.(value) ?? 255) / 255 : 1;
        for (let c = 0; c < 3; c++)
          out[to + c] = Math.round((channel[c]?.(value) ?? 0) * alpha + 255 * (1 - alpha));
      } else {
        const at = source + x * 3;
        out[to] = bytes[at + 2] ?? 0;
        out[to + 1] = bytes[at + 1] ?? 0;
        out[to + 2] = bytes[at] ?? 0;
      }
    }
  }
}

function maskReader(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = Math.clz32(mask & -mask) ^ 31;
  const top = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) * 255) / top);
}

/** Run lengths: pixels that no run covers keep colour 0, as the format says. */
function unpackRuns(bytes: Uint8Array, header: BmpHeader, out: Uint8Array, file: string): void {
  const { widthPx, heightPx, pixelOffset, palette, compression } = header;
  const indices = new Uint8Array(widthPx * heightPx);
  const perByte = compression === RLE4 ? 2 : 1;
  let at = pixelOffset;
  let x = 0;
  let y = 0;
  const next = () => {
    const byte = bytes[at++];
    return byte ?? fail("image/unreadable", { file, why: "truncated" });
  };
  const put = (index: number) => {
    if (x >= widthPx || y >= heightPx) fail("image/unreadable", { file, why: "damaged" });
    indices[y * widthPx + x++] = index;
  };
  const nibble = (byte: number, i: number) =>
    perByte === 1 ? byte : i % 2 ? byte & 15 : byte >> 4;
  for (;;) {
    const count = next();
    const value = next();
    if (count > 0) for (let i = 0; i < count; i++) put(nibble(value, i));
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) break;
    else if (value === 2) [x, y] = [x + next(), y + next()];
    else {
      const size = Math.ceil(value / perByte);
      for (let i = 0, byte = 0; i < value; i++) {
        if (i % perByte === 0) byte = next();
        put(nibble(byte, i));
      }
      at += size & 1;
    }
  }
  for (let row = 0; row < heightPx; row++) {
    const to = header.isTopDown ? row : heightPx - 1 - row;
    for (let i = 0; i < widthPx; i++)
      for (let c = 0; c < 3; c++)
        out[(to * widthPx + i) * 3 + c] = palette?.[(indices[row * widthPx + i] ?? 0) * 3 + c] ?? 0;
  }
}

function isAllGrey(palette: Uint8Array | null): boolean {
  if (!palette) return false;
  for (let i = 0; i < palette.length; i += 3)
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false;
  return true;
}

function asGrey(rgb: Uint8Array): { data: Uint8Array; channels: 1 } {
  const data = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < data.length; i++) data[i] = rgb[i * 3] ?? 0;
  return { data, channels: 1 };
}
