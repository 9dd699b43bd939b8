import { deflateRawSync } from "node:zlib";
import { syntaxes } from "../part10.ts";
import {
  textLimits,
  type DataElements,
  type ElementValue,
  type Vr,
  type WriteElement,
} from "./element.ts";

/** Ways of writing: all little-endian. */
export type WriteSyntax = "implicit" | "explicit" | "deflated";

/** Name and version under which files are written (PS3.10 7.1). */
const implementation = { uid: "2.25.142683901586712034578104428711264018753", version: "HANSIGHT" };

const longForm = new Set<Vr>(["OB", "OW", "OF", "OD", "OL", "SQ", "UC", "UN", "UR", "UT"]);
const isText = (vr: Vr): vr is keyof typeof textLimits => vr in textLimits;

/**
 * A whole file: preamble, meta header and elements in order of their tags, texts in UTF-8. Fails with a RangeError on
 * a value that its kind cannot hold, on private and on doubled tags: such a file would be read wrongly elsewhere.
 */
export function writePart10(syntax: WriteSyntax, elements: DataElements): Uint8Array {
  const body = dataSet([...elements, charset], syntax !== "implicit");
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    metaHeader(syntaxes[syntax], uidIn(elements, 0x00080016), uidIn(elements, 0x00080018)),
    syntax === "deflated" ? even(deflateRawSync(body), 0) : body,
  ]);
}

/** The meta header, its length first. */
export function metaHeader(syntax: string, sopClass: string, instance: string): Buffer {
  const head = dataSet(
    [
      { tag: 0x00020001, vr: "OB", value: Uint8Array.of(0, 1) },
      { tag: 0x00020002, vr: "UI", value: sopClass },
      { tag: 0x00020003, vr: "UI", value: instance },
      { tag: 0x00020010, vr: "UI", value: syntax },
      { tag: 0x00020012, vr: "UI", value: implementation.uid },
      { tag: 0x00020013, vr: "SH", value: implementation.version },
    ],
    true,
  );
  return Buffer.concat([written({ tag: 0x00020000, vr: "UL", value: [head.length] }, true), head]);
}

const charset: WriteElement = { tag: 0x00080005, vr: "CS", value: "ISO_IR 192" };

function uidIn(elements: DataElements, tag: number): string {
  const value = elements.find((element) => element.tag === tag)?.value;
  if (typeof value !== "string" || value === "") throw new RangeError("An object without its UIDs");
  return value;
}

function dataSet(elements: DataElements, isExplicit: boolean): Buffer {
  const sorted = elements.toSorted((a, b) => a.tag - b.tag);
  for (const [i, { tag }] of sorted.entries()) {
    if (((tag >>> 16) & 1) === 1) throw new RangeError(`Private tag ${hex(tag)}`);
    if (i > 0 && sorted[i - 1].tag === tag) throw new RangeError(`Tag ${hex(tag)} twice`);
  }
  return Buffer.concat(sorted.map((element) => written(element, isExplicit)));
}

function written({ tag, vr, value }: WriteElement, isExplicit: boolean): Buffer {
  const bytes = even(bytesOf(tag, vr, value, isExplicit), isText(vr) && vr !== "UI" ? 0x20 : 0);
  const isLong = isExplicit && longForm.has(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  if (!isExplicit) head.writeUInt32LE(bytes.length, 4);
  else {
    head.write(vr, 4, "latin1");
    if (isLong) head.writeUInt32LE(bytes.length, 8);
    else if (bytes.length <= 0xffff) head.writeUInt16LE(bytes.length, 6);
    else throw new RangeError(`${hex(tag)} is longer than ${vr} can be`);
  }
  return Buffer.concat([head, bytes]);
}

function bytesOf(tag: number, vr: Vr, value: ElementValue, isExplicit: boolean): Buffer {
  if (value instanceof Uint8Array) {
    if (isText(vr) || vr === "SQ") throw new RangeError(`${hex(tag)} ${vr} from bytes`);
    return Buffer.from(value);
  }
  if (isText(vr)) return textBytes(tag, vr, value);
  if (typeof value === "string") throw new RangeError(`${hex(tag)} ${vr} from a text`);
  if (vr === "SQ") {
    const items = value as readonly DataElements[]; // a sequence holds items
    return Buffer.concat(
      items.flatMap((item) => {
        const inside = dataSet(item, isExplicit);
        const head = Buffer.alloc(8);
        head.writeUInt32LE(0xe000fffe, 0);
        head.writeUInt32LE(inside.length, 4);
        return [head, inside];
      }),
    );
  }
  return numberBytes(tag, vr, value as readonly number[]); // neither text, bytes nor items
}

const patterns: Partial<Record<Vr, RegExp>> = {
  CS: /^[A-Z0-9 _]*$/,
  DA: /^(\d{8})?$/,
  DS: /^[-+0-9.eE ]*$/,
  DT: /^[-+0-9.]*$/,
  IS: /^[-+]?\d*$/,
  TM: /^[\d.]*$/,
  UI: /^((0|[1-9]\d*)(\.(0|[1-9]\d*))*)?$/,
};
/** Kinds of one value, in which "\" and line ends are text. */
const isSingle = new Set<Vr>(["LT", "ST", "UT", "UR"]);

function textBytes(tag: number, vr: keyof typeof textLimits, value: ElementValue): Buffer {
  const parts = typeof value === "string" ? [value] : (value as readonly string[]); // text kinds take nothing else
  for (const part of parts) {
    const isWrong =
      typeof part !== "string" ||
      [...part].length > textLimits[vr] ||
      !(patterns[vr]?.test(part) ?? true) ||
      (!isSingle.has(vr) && /[\\\u0000-\u001f]/.test(part));
    if (isWrong) throw new RangeError(`${hex(tag)} is no value of ${vr}`);
  }
  return Buffer.from(parts.join("\\"), "utf8");
}

const numberKinds = {
  US: [2, 0, 0xffff],
  SS: [2, -0x8000, 0x7fff],
  UL: [4, 0, 0xffffffff],
  SL: [4, -0x80000000, 0x7fffffff],
  AT: [4, 0, 0xffffffff],
  FL: [4, null, null],
  FD: [8, null, null],
} as const;

function numberBytes(tag: number, vr: Vr, values: readonly number[]): Buffer {
  if (!(vr in numberKinds)) throw new RangeError(`${hex(tag)} ${vr} from numbers`);
  const kind = vr as keyof typeof numberKinds; // asked just above
  const [width, least, most] = numberKinds[kind];
  const bytes = Buffer.alloc(values.length * width);
  for (const [i, value] of values.entries()) {
    const at = i * width;
    const isWhole = least === null || (Number.isInteger(value) && value >= least && value <= most);
    if (!isWhole) throw new RangeError(`${hex(tag)}: ${value} is no ${vr}`);
    if (kind === "FL") bytes.writeFloatLE(value, at);
    else if (kind === "FD") bytes.writeDoubleLE(value, at);
    else if (kind === "AT") {
      bytes.writeUInt16LE(value >>> 16, at);
      bytes.writeUInt16LE(value & 0xffff, at + 2);
    } else if (least !== null && least < 0) bytes.writeIntLE(value, at, width);
    else bytes.writeUIntLE(value, at, width);
  }
  return bytes;
}

function even(bytes: Buffer, padding: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(padding)]);
}

function hex(tag: number): string {
  return tag.toString(16).padStart(8, "0");
}
