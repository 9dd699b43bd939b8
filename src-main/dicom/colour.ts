import type { CodedFrame, Values } from "./codecs/codec.ts";
import { Damage } from "./damage.ts";
import type { DataSet } from "./data-set.ts";

/**
 * A colour frame as 8-bit RGB, `[rows, columns, 3]`: YBR turned (ITU-R BT.601, full or studio range), palettes looked
 * up, more than 8 bits scaled by what the header says is stored.
 */
export function toRgb(frame: CodedFrame, dataSet: DataSet, bitsStored: number): Uint8Array {
  switch (frame.photometric) {
    case "MONOCHROME1":
    case "MONOCHROME2":
      throw new TypeError("a grey frame has a window, not colours");
    case "PALETTE COLOR":
      return byPalette(frame.values, dataSet);
    case "RGB":
    case "YBR_RCT":
    case "YBR_ICT":
      return toBytes(frame.values, bitsStored);
    case "YBR_FULL":
    case "YBR_FULL_422":
      return fromYbr(toBytes(frame.values, bitsStored), 1, 0);
    case "YBR_PARTIAL_420":
    case "YBR_PARTIAL_422":
      return fromYbr(toBytes(frame.values, bitsStored), 255 / 219, 16);
  }
}

function toBytes(values: Values, bitsStored: number): Uint8Array {
  if (values instanceof Uint8Array && bitsStored === 8) return values;
  const scale = 255 / (2 ** bitsStored - 1);
  return Uint8Array.from(values, (value) => Math.round(value * scale));
}

function fromYbr(ybr: Uint8Array, lumaScale: number, lumaFloor: number): Uint8Array {
  const rgb = new Uint8ClampedArray(ybr.length); // rounds and clamps
  const chroma = lumaFloor === 0 ? 1 : 255 / 224;
  for (let i = 0; i < ybr.length; i += 3) {
    const y = (ybr[i] - lumaFloor) * lumaScale;
    const blue = (ybr[i + 1] - 128) * chroma;
    const red = (ybr[i + 2] - 128) * chroma;
    rgb[i] = y + 1.402 * red;
    rgb[i + 1] = y - 0.344136 * blue - 0.714136 * red;
    rgb[i + 2] = y + 1.772 * blue;
  }
  return new Uint8Array(rgb.buffer);
}

function byPalette(values: Values, dataSet: DataSet): Uint8Array {
  const tables = [0, 1, 2].map((channel) =>
    paletteOf(dataSet, channel, values instanceof Int8Array || values instanceof Int16Array),
  );
  const rgb = new Uint8Array(values.length * 3);
  for (const [channel, { first, entries, shift }] of tables.entries()) {
    const last = entries.length - 1;
    for (let i = 0; i < values.length; i++) {
      const at = Math.min(last, Math.max(0, values[i] - first));
      rgb[i * 3 + channel] = entries[at] >>> shift;
    }
  }
  return rgb;
}

function paletteOf(dataSet: DataSet, channel: number, isSigned: boolean) {
  const descriptorTag = 0x00281101 + channel;
  const [stated, first, bits] = dataSet.shorts(descriptorTag, isSigned);
  if (bits === undefined) throw new Damage("no-palette");
  const count = (stated & 0xffff) === 0 ? 65_536 : stated & 0xffff;
  const plain = dataSet.bytes(0x00281201 + channel);
  const segmented = dataSet.words(0x00281221 + channel);
  let entries: readonly number[];
  if (plain) entries = plain.length >= count * 2 ? dataSet.words(0x00281201 + channel) : [...plain];
  else if (segmented.length > 0) entries = unrolled(segmented, count);
  else throw new Damage("no-palette");
  const own = entries.slice(0, count);
  // Tables that say 16 bits and use the low 8 exist.
  const most = own.reduce((a, b) => Math.max(a, b), 0);
  return { first, entries: own, shift: bits > 8 && most > 255 ? 8 : 0 };
}

/** Segments of a palette (PS3.3 C.7.9.2): 0 the entries follow, 1 a line to the entry, 2 go back and repeat. */
function unrolled(words: readonly number[], count: number): number[] {
  const entries: number[] = [];
  let at = 0;
  const take = (limit: number) => {
    const [opcode, length] = [words[at], words[at + 1]];
    if (opcode === 0) {
      entries.push(...words.slice(at + 2, at + 2 + Math.min(length, count)));
      at += 2 + length;
    } else if (opcode === 1) {
      const [from, to] = [entries[entries.length - 1] ?? 0, words[at + 2]];
      for (let i = 1; i <= length && entries.length < count; i++)
        entries.push(Math.round(from + ((to - from) * i) / length));
      at += 3;
    } else if (opcode === 2 && limit > 0) {
      const back = words[at + 2] + 65_536 * (words[at + 3] ?? 0);
      const next = at + 4;
      at = back / 2;
      for (let i = 0; i < length && entries.length < count; i++) take(limit - 1);
      at = next;
    } else throw new Damage("no-palette");
  };
  while (at + 1 < words.length && entries.length < count) take(1);
  if (entries.length < count) throw new Damage("no-palette");
  return entries;
}
