import { Damage } from "../damage.ts";
import type { DataSet, Element } from "../data-set.ts";
import { doublePixels, floatPixels, type PixelLayout } from "../facts.ts";
import { countOf, integersFor, type CodedFrame, type Values } from "./codec.ts";

/**
 * Pixels that lie in the file as they are: 1 bit packed, 8 to 32 bits, floats, both byte orders, colour by pixel or by
 * plane, and the 4:2:2 form `Y1 Y2 Cb Cr` where two pixels share their colour.
 */
export function uncompressedFrame(
  dataSet: DataSet,
  element: Element,
  layout: PixelLayout,
  frame: number,
): CodedFrame {
  const { reading } = dataSet;
  const bytes = reading.bytes.subarray(element.at, element.at + element.length);
  const count = countOf(layout);
  if (layout.number === "integer" && layout.bitsAllocated === 1)
    return { values: unpackBits(bytes, frame * count, count), photometric: layout.photometric };
  const is422 = isHalved(bytes.length, layout);
  const stored = is422 ? (count / 3) * 2 : count;
  const width =
    element.tag === floatPixels ? 4 : element.tag === doublePixels ? 8 : layout.bitsAllocated / 8;
  if (!Number.isInteger(width)) throw new Damage("bad-header");
  const start = frame * stored * width;
  if (start + stored * width > bytes.length) throw new Damage("truncated");
  // In big-endian files 8-bit pixels may ride two to a 16-bit word, high byte first.
  const isSwapped = reading.isBigEndian && width === 1 && element.vr === "OW";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !reading.isBigEndian;
  const at = (i: number) => start + i * width;
  const values = arrayFor(element.tag, layout, stored);
  if (isSwapped) for (let i = 0; i < stored; i++) values[i] = bytes[(start + i) ^ 1] ?? 0;
  else if (width === 1) values.set(bytes.subarray(start, start + stored));
  else if (element.tag === floatPixels)
    for (let i = 0; i < stored; i++) values[i] = view.getFloat32(at(i), little);
  else if (element.tag === doublePixels)
    for (let i = 0; i < stored; i++) values[i] = view.getFloat64(at(i), little);
  else if (width === 2) for (let i = 0; i < stored; i++) values[i] = view.getUint16(at(i), little);
  else if (width === 4) for (let i = 0; i < stored; i++) values[i] = view.getUint32(at(i), little);
  else throw new Damage("bad-header");
  if (is422) return { values: doubled(values, layout), photometric: "YBR_FULL" };
  const photometric = layout.photometric === "YBR_FULL_422" ? "YBR_FULL" : layout.photometric;
  return { values: layout.isPlanar ? interleaved(values, layout) : values, photometric };
}

/** Colour planes one after another, as pixels. */
export function interleaved<T extends Values>(values: T, layout: PixelLayout): T {
  const { samplesPerPixel: channels } = layout;
  if (channels === 1) return values;
  const pixels = layout.rows * layout.columns;
  const mixed = values.slice() as T; // sound: `slice` keeps the kind of array
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < pixels; i++) mixed[i * channels + channel] = values[channel * pixels + i];
  return mixed;
}

function isHalved(bytesThere: number, layout: PixelLayout): boolean {
  if (layout.photometric !== "YBR_FULL_422" && layout.photometric !== "YBR_PARTIAL_422")
    return false;
  if (layout.samplesPerPixel !== 3 || layout.bitsAllocated !== 8 || layout.columns % 2)
    return false;
  // Files exist that say 4:2:2 and hold every pixel's colour.
  return bytesThere < layout.frames * countOf(layout);
}

function doubled(packed: Values, { rows, columns }: PixelLayout): Uint8Array {
  const values = new Uint8Array(rows * columns * 3);
  for (let pair = 0; pair < (rows * columns) / 2; pair++) {
    const [first, second, blue, red] = packed.subarray(pair * 4, pair * 4 + 4);
    values.set([first, blue, red, second, blue, red], pair * 6);
  }
  return values;
}

function arrayFor(tag: number, layout: PixelLayout, count: number): Values {
  if (tag === floatPixels) return new Float32Array(count);
  if (tag === doublePixels) return new Float64Array(count);
  return integersFor(layout, count);
}

/** Bits from the lowest of each byte; frames follow without a gap. */
function unpackBits(bytes: Uint8Array, start: number, count: number): Uint8Array {
  if (start + count > bytes.length * 8) throw new Damage("truncated");
  const values = new Uint8Array(count);
  for (let i = 0, bit = start; i < count; i++, bit++)
    values[i] = (bytes[bit >>> 3] >>> (bit & 7)) & 1;
  return values;
}
