import { deflateRawSync } from "node:zlib";

/**
 * DICOM files for tests, written by the book (PS3.5, PS3.10) and without the product's reader, so that one does not
 * hide the other's faults.
 */
export const writtenSyntaxes = {
  implicit: "1.2.840.10008.1.2",
  explicit: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  "big-endian": "1.2.840.10008.1.2.2",
  rle: "1.2.840.10008.1.2.5",
} as const;
export type WrittenSyntax = keyof typeof writtenSyntaxes;

type Value = string | readonly number[] | Uint8Array | readonly (readonly WrittenElement[])[];

/** Texts, numbers of US or UL, raw bytes, or the items of a sequence. */
export interface WrittenElement {
  readonly tag: number;
  readonly vr: string;
  readonly value: Value;
}

/** Pixels of a grey picture, `[frames][rows × columns]`, one byte or one 16-bit word each. */
export interface WrittenPixels {
  readonly rows: number;
  readonly columns: number;
  readonly frames: readonly (Uint8Array | Uint16Array)[];
  readonly photometric: "MONOCHROME1" | "MONOCHROME2";
}

const longForm = new Set(["OB", "OW", "SQ", "UN", "UT"]);

/** A whole file: preamble, meta header, elements in order of their tags. */
export function writeDicom(
  syntax: WrittenSyntax,
  elements: readonly WrittenElement[],
  pixels: WrittenPixels | null = null,
): Uint8Array {
  const uidOf = (tag: number) => elements.find((one) => one.tag === tag)?.value ?? "";
  const meta: WrittenElement[] = [
    { tag: 0x00020001, vr: "OB", value: Uint8Array.of(0, 1) },
    { tag: 0x00020002, vr: "UI", value: uidOf(0x00080016) },
    { tag: 0x00020003, vr: "UI", value: uidOf(0x00080018) },
    { tag: 0x00020010, vr: "UI", value: writtenSyntaxes[syntax] },
  ];
  const plain = { isExplicit: true, isBigEndian: false };
  const head = Buffer.concat(meta.map((element) => written(element, plain)));
  const length = written({ tag: 0x00020000, vr: "UL", value: [head.length] }, plain);
  const way = { isExplicit: syntax !== "implicit", isBigEndian: syntax === "big-endian" };
  const all = [...elements, ...(pixels ? layoutElements(pixels) : [])];
  const body = all.toSorted((a, b) => a.tag - b.tag).map((element) => written(element, way));
  const picture = pixels ? [pixelElement(pixels, syntax, way)] : [];
  const dataSet = Buffer.concat([...body, ...picture]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    length,
    head,
    syntax === "deflated" ? evenly(deflateRawSync(dataSet)) : dataSet,
  ]);
}

function layoutElements({ rows, columns, frames, photometric }: WrittenPixels): WrittenElement[] {
  const bits = frames[0].BYTES_PER_ELEMENT * 8;
  const word = (tag: number, value: number) => ({ tag, vr: "US", value: [value] });
  return [
    word(0x00280002, 1),
    { tag: 0x00280004, vr: "CS", value: photometric },
    ...(frames.length > 1 ? [{ tag: 0x00280008, vr: "IS", value: String(frames.length) }] : []),
    word(0x00280010, rows),
    word(0x00280011, columns),
    word(0x00280100, bits),
    word(0x00280101, bits),
    word(0x00280102, bits - 1),
    word(0x00280103, 0),
  ];
}

interface Way {
  readonly isExplicit: boolean;
  readonly isBigEndian: boolean;
}

function pixelElement({ frames }: WrittenPixels, syntax: WrittenSyntax, way: Way): Buffer {
  const isWide = frames[0].BYTES_PER_ELEMENT === 2;
  if (syntax !== "rle") {
    const bytes = Buffer.concat(frames.map((frame) => rawBytes(frame, way.isBigEndian)));
    return written({ tag: 0x7fe00010, vr: isWide ? "OW" : "OB", value: bytes }, way);
  }
  const fragments = [Buffer.alloc(0), ...frames.map(packedRle)].map((fragment) =>
    Buffer.concat([itemHead(0xfffee000, fragment.length), fragment]),
  );
  const head = Buffer.alloc(12);
  head.writeUInt16LE(0x7fe0, 0);
  head.writeUInt16LE(0x0010, 2);
  head.write(isWide ? "OW" : "OB", 4, "latin1");
  head.writeUInt32LE(0xffffffff, 8);
  return Buffer.concat([head, ...fragments, itemHead(0xfffee0dd, 0)]);
}

function rawBytes(frame: Uint8Array | Uint16Array, isBigEndian: boolean): Buffer {
  const bytes = Buffer.from(frame.slice().buffer); // little-endian, as typed arrays are
  return isBigEndian && frame.BYTES_PER_ELEMENT === 2 ? bytes.swap16() : bytes;
}

/** PS3.5 annex G: a table of 16 words, then one PackBits segment per byte plane, high byte first. */
function packedRle(frame: Uint8Array | Uint16Array): Buffer {
  const planes =
    frame.BYTES_PER_ELEMENT === 1
      ? [Uint8Array.from(frame)]
      : [Uint8Array.from(frame, (x) => x >> 8), Uint8Array.from(frame, (x) => x & 255)];
  const segments = planes.map((plane) => evenly(packBits(plane)));
  const table = Buffer.alloc(64);
  table.writeUInt32LE(segments.length, 0);
  let at = 64;
  for (const [i, segment] of segments.entries()) {
    table.writeUInt32LE(at, 4 + 4 * i);
    at += segment.length;
  }
  return Buffer.concat([table, ...segments]);
}

function packBits(bytes: Uint8Array): Buffer {
  const out: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run > 2) {
      out.push(257 - run, bytes[at]);
      at += run;
      continue;
    }
    const from = at;
    const isRun = (i: number) => bytes[i] === bytes[i + 1] && bytes[i] === bytes[i + 2];
    while (at < bytes.length && at - from < 128 && !(at + 2 < bytes.length && isRun(at))) at++;
    out.push(at - from - 1, ...bytes.subarray(from, at));
  }
  return Buffer.from(out);
}

function written({ tag, vr, value }: WrittenElement, way: Way): Buffer {
  const bytes = evenly(bytesOf(vr, value, way), vr);
  const isLong = longForm.has(vr);
  const head = Buffer.alloc(way.isExplicit && isLong ? 12 : 8);
  const put16 = (x: number, at: number) =>
    way.isBigEndian ? head.writeUInt16BE(x, at) : head.writeUInt16LE(x, at);
  const put32 = (x: number, at: number) =>
    way.isBigEndian ? head.writeUInt32BE(x, at) : head.writeUInt32LE(x, at);
  put16(tag >>> 16, 0);
  put16(tag & 0xffff, 2);
  if (!way.isExplicit) put32(bytes.length, 4);
  else {
    head.write(vr, 4, "latin1");
    if (isLong) put32(bytes.length, 8);
    else put16(bytes.length, 6);
  }
  return Buffer.concat([head, bytes]);
}

function bytesOf(vr: string, value: Value, way: Way): Buffer {
  if (typeof value === "string") return Buffer.from(value, "latin1");
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (vr === "SQ") {
    const items = value as readonly (readonly WrittenElement[])[]; // a sequence holds items
    return Buffer.concat(
      items.flatMap((item) => {
        const inside = Buffer.concat(item.map((element) => written(element, way)));
        return [itemHead(0xfffee000, inside.length, way.isBigEndian), inside];
      }),
    );
  }
  const numbers = value as readonly number[]; // what is neither text, bytes nor a sequence
  const width = vr === "UL" ? 4 : 2;
  const bytes = Buffer.alloc(numbers.length * width);
  for (const [i, number] of numbers.entries()) {
    if (way.isBigEndian) bytes.writeUIntBE(number, i * width, width);
    else bytes.writeUIntLE(number, i * width, width);
  }
  return bytes;
}

function itemHead(tag: number, length: number, isBigEndian = false): Buffer {
  const head = Buffer.alloc(8);
  const words = [tag >>> 16, tag & 0xffff];
  for (const [i, word] of words.entries()) {
    if (isBigEndian) head.writeUInt16BE(word, 2 * i);
    else head.writeUInt16LE(word, 2 * i);
  }
  if (isBigEndian) head.writeUInt32BE(length, 4);
  else head.writeUInt32LE(length, 4);
  return head;
}

/** Values have even lengths: texts end with a space, UIDs and bytes with a zero. */
function evenly(bytes: Buffer, vr = "OB"): Buffer {
  if (bytes.length % 2 === 0) return bytes;
  const isText = !["UI", "OB", "OW", "UN"].includes(vr);
  return Buffer.concat([bytes, Buffer.from(isText ? " " : "\0")]);
}
