import { fail } from "../../../shared/errors/app-error.ts";
import { checkPixels } from "./limits.ts";

export interface BmpHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly pixelOffset: number;
  /** Palette as r, g, b triples; null above 8 bits. */
  readonly palette: Uint8Array | null;
  /** Bit masks of red, green, blue, alpha; null where the pixel is three bytes. */
  readonly masks: readonly [number, number, number, number] | null;
}

/** How a bitmap's pixels are packed. */
export const packing = { rgb: 0, rle8: 1, rle4: 2, bitFields: 3, alphaBitFields: 6 } as const;

/** Reads and checks a bitmap's header; nothing is unpacked. The first 512 bytes are enough, less the palette. */
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
  const compression = isCore ? packing.rgb : view.getUint32(30, true);
  if (widthPx < 0) fail("image/unreadable", { file, why: "bad-header" });
  checkPixels(file, widthPx, Math.abs(height));
  if (!isKnownKind(bits, compression)) fail("image/unreadable", { file, why: "bmp-kind" });
  const pixelOffset = view.getUint32(10, true);
  return {
    widthPx,
    heightPx: Math.abs(height),
    isTopDown: height < 0,
    bits,
    compression,
    pixelOffset,
    palette: bits <= 8 ? readPalette(bytes, 14 + headerSize, isCore, pixelOffset, 1 << bits) : null,
    masks: bits === 16 || bits === 32 ? readMasks(view, bits, compression, headerSize) : null,
  };
}

function isKnownKind(bits: number, compression: number): boolean {
  if (compression === packing.rgb) return [1, 4, 8, 16, 24, 32].includes(bits);
  if (compression === packing.rle8) return bits === 8;
  if (compression === packing.rle4) return bits === 4;
  const hasFields = compression === packing.bitFields || compression === packing.alphaBitFields;
  return hasFields && (bits === 16 || bits === 32);
}

/** Without bit fields 32-bit files have no alpha, whatever their fourth byte holds. */
function readMasks(
  view: DataView,
  bits: number,
  compression: number,
  headerSize: number,
): [number, number, number, number] {
  if (compression === packing.rgb)
    return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const at = (i: number) => (58 + 4 * i <= view.byteLength ? view.getUint32(54 + 4 * i, true) : 0);
  const hasAlphaMask = headerSize >= 56 || compression === packing.alphaBitFields;
  return [at(0), at(1), at(2), hasAlphaMask ? at(3) : 0];
}

/** Entries that the file leaves out stay black. */
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
    if (at + 3 > Math.min(end, bytes.length)) break;
    palette.set([bytes[at + 2], bytes[at + 1], bytes[at]], i * 3);
  }
  return palette;
}
