import { fail } from "../../../shared/errors/app-error.ts";
import { packing, readBmpHeader, type BmpHeader } from "./bmp-header.ts";
import type { DecodedImage } from "./decode.ts";

/**
 * Windows bitmaps, which libvips does not read: 1, 4 and 8 bits with palette, 16, 24 and 32 bits, bit fields, run
 * lengths, bottom-up and top-down. Alpha is flattened on white where the header names an alpha mask. (fast-bmp reads
 * neither palettes nor plain 32-bit files nor top-down ones; it is the witness in the test.) A file that ends early, or
 * whose runs leave the picture, is refused.
 */
export function decodeBmp(bytes: Uint8Array, file: string): DecodedImage {
  const header = readBmpHeader(bytes, file);
  const { widthPx, heightPx, bits, palette } = header;
  const rest = {
    widthPx,
    heightPx,
    depth: Math.min(bits, 8),
    format: "bmp",
    orientation: 1,
    frames: 1,
  } as const;
  if (!palette) return { ...rest, channels: 3, data: unpackColours(bytes, header, file) };
  const indices = unpackIndices(bytes, header, file);
  const channels = isGreyPalette(palette) ? 1 : 3;
  const data = new Uint8Array(indices.length * channels);
  for (let i = 0; i < indices.length; i++)
    for (let c = 0; c < channels; c++) data[i * channels + c] = palette[indices[i] * 3 + c];
  return { ...rest, channels, data };
}

/** A bitmap's stored values, for masks: palette indices (greys where the palette holds nothing else), or colours. */
export function decodeBmpValues(
  bytes: Uint8Array,
  file: string,
): { width: number; height: number; channels: 1 | 3; values: Uint8Array } {
  const header = readBmpHeader(bytes, file);
  const size = { width: header.widthPx, height: header.heightPx };
  const { palette } = header;
  if (!palette) return { ...size, channels: 3, values: unpackColours(bytes, header, file) };
  const indices = unpackIndices(bytes, header, file);
  const values = isGreyPalette(palette) ? indices.map((index) => palette[index * 3]) : indices;
  return { ...size, channels: 1, values };
}

function unpackIndices(bytes: Uint8Array, header: BmpHeader, file: string): Uint8Array {
  const { widthPx, heightPx, bits, compression } = header;
  const out = new Uint8Array(widthPx * heightPx);
  if (compression !== packing.rgb) {
    unpackRuns(bytes, header, out, file);
    return out;
  }
  const last = (1 << bits) - 1;
  forEachRow(bytes, header, file, (from, to) => {
    for (let x = 0; x < widthPx; x++) {
      const bit = x * bits;
      out[to + x] = (bytes[from + (bit >> 3)] >> (8 - bits - (bit & 7))) & last;
    }
  });
  return out;
}

function unpackColours(bytes: Uint8Array, header: BmpHeader, file: string): Uint8Array {
  const { widthPx, heightPx, bits, masks } = header;
  const out = new Uint8Array(widthPx * heightPx * 3);
  const readers = masks?.map(fieldReader);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  forEachRow(bytes, header, file, (from, row) => {
    for (let x = 0, to = row * 3; x < widthPx; x++, to += 3) {
      const at = from + (x * bits) / 8;
      if (!readers || !masks) {
        out[to] = bytes[at + 2];
        out[to + 1] = bytes[at + 1];
        out[to + 2] = bytes[at];
        continue;
      }
      const value = bits === 16 ? view.getUint16(at, true) : view.getUint32(at, true);
      const alpha = masks[3] === 0 ? 1 : readers[3](value) / 255;
      for (let c = 0; c < 3; c++)
        out[to + c] = Math.round(readers[c](value) * alpha + 255 * (1 - alpha));
    }
  });
  return out;
}

/** Calls with the first byte of each stored row and the first pixel of the picture's row it belongs to. */
function forEachRow(
  bytes: Uint8Array,
  { widthPx, heightPx, bits, pixelOffset, isTopDown }: BmpHeader,
  file: string,
  unpack: (from: number, to: number) => void,
): void {
  const stride = Math.ceil((widthPx * bits) / 32) * 4;
  const end = pixelOffset + stride * (heightPx - 1) + Math.ceil((widthPx * bits) / 8);
  if (end > bytes.length) fail("image/unreadable", { file, why: "truncated" });
  for (let row = 0; row < heightPx; row++)
    unpack(pixelOffset + row * stride, (isTopDown ? row : heightPx - 1 - row) * widthPx);
}

function fieldReader(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const largest = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) * 255) / largest);
}

/** Run lengths. Pixels that no run covers keep index 0, as the format says. */
function unpackRuns(bytes: Uint8Array, header: BmpHeader, out: Uint8Array, file: string): void {
  const { widthPx, heightPx, compression, isTopDown } = header;
  const perByte = compression === packing.rle4 ? 2 : 1;
  let at = header.pixelOffset;
  let x = 0;
  let y = 0;
  const next = () => {
    if (at >= bytes.length) fail("image/unreadable", { file, why: "truncated" });
    return bytes[at++];
  };
  const put = (byte: number, i: number) => {
    if (x >= widthPx || y >= heightPx) fail("image/unreadable", { file, why: "damaged" });
    const index = perByte === 1 ? byte : i % 2 === 1 ? byte & 15 : byte >> 4;
    out[(isTopDown ? y : heightPx - 1 - y) * widthPx + x++] = index;
  };
  for (;;) {
    const count = next();
    const value = next();
    if (count > 0) for (let i = 0; i < count; i++) put(value, i);
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) return;
    else if (value === 2) [x, y] = [x + next(), y + next()];
    else {
      for (let i = 0, byte = 0; i < value; i++) {
        if (i % perByte === 0) byte = next();
        put(byte, i);
      }
      at += Math.ceil(value / perByte) & 1; // runs are padded to two bytes
    }
  }
}

function isGreyPalette(palette: Uint8Array): boolean {
  for (let i = 0; i < palette.length; i += 3)
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false;
  return true;
}
