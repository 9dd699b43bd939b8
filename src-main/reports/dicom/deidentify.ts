import type { DataSet, Element } from "../../dicom/data-set.ts";
import { openPart10, syntaxes } from "../../dicom/part10.ts";
import { metaHeader } from "../../dicom/write/part10.ts";
import type { UidMap } from "./uids.ts";

/**
 * What leaves of a source, by PS3.15 annex E, Basic profile: what stands in none of these lists is removed, as are
 * private elements, dates, overlays and every sequence but look-up tables. That is more than the profile asks for.
 */
const kept: ReadonlySet<number> = new Set([
  ...[
    0x00080005, 0x00080008, 0x00080016, 0x00080060, 0x00080064, 0x00080068, 0x00080070, 0x00081090,
  ],
  ...[
    0x00180015, 0x00180020, 0x00180021, 0x00180022, 0x00180023, 0x00180050, 0x00180060, 0x00180088,
  ],
  ...[0x00181164, 0x00185100, 0x00185101],
  ...[
    0x00200011, 0x00200012, 0x00200013, 0x00200020, 0x00200032, 0x00200037, 0x00200060, 0x00200062,
  ],
  ...[0x00201041, 0x20500020, 0x7fe00008, 0x7fe00009, 0x7fe00010],
]);
/** Of the pixels' own group all but free words and sequences, which look-up tables alone may be. */
const removedOfPixels: ReadonlySet<number> = new Set([0x00284000, 0x00281055, 0x00283003]);
const tables: ReadonlySet<number> = new Set([0x00283000, 0x00283010]);

/** Action U: one table for study, series, instance and frame of reference. */
const mapped = [0x00080018, 0x0020000d, 0x0020000e, 0x00200052] as const;

/** Action Z: required, and written without a value. */
const emptied = [
  [0x00080020, "DA"],
  [0x00080030, "TM"],
  [0x00080050, "SH"],
  [0x00080090, "PN"],
  [0x00100010, "PN"],
  [0x00100030, "DA"],
  [0x00100040, "CS"],
  [0x00200010, "SH"],
] as const;

/** Why a source is not copied: its pixels may name somebody, or its elements cannot be edited one by one. */
export type Withheld = "burned-in" | "enhanced" | "unreadable";

/**
 * A source without what names anybody, its pixels untouched and in their own transfer syntax. Withheld where it does
 * not say that no name is in its pixels: silence is never read as "no" (review-experience 10.5).
 */
export function deidentifiedSource(bytes: Uint8Array, uids: UidMap): Uint8Array | Withheld {
  const opened = openPart10(bytes);
  if (!opened || opened.isCut) return "unreadable";
  const { dataSet } = opened;
  if (dataSet.text(0x00280301).toUpperCase() !== "NO") return "burned-in";
  if (dataSet.elements.has(0x52009229)) return "enhanced";
  const way = dataSet.reading;
  const out = new Map<number, Buffer>();
  for (const element of dataSet.elements.values())
    if (isKept(element)) out.set(element.tag, rawElement(dataSet, element));
  const put = (tag: number, vr: string, value: string) =>
    out.set(tag, textElement(tag, vr, value, way));
  for (const tag of mapped) {
    const uid = dataSet.text(tag);
    if (uid !== "") put(tag, "UI", uids.map(uid));
  }
  for (const [tag, vr] of emptied) put(tag, vr, "");
  const patient = `${dataSet.text(0x00100020)}\0${dataSet.text(0x00100021)}`;
  put(0x00100020, "LO", uids.pseudonym(patient));
  put(0x00120062, "CS", "YES");
  put(0x00120063, "LO", "Basic Application Confidentiality Profile");
  out.set(0x00120064, methodSequence(way));
  put(0x00280303, "CS", "REMOVED");
  const body = [...out].toSorted(([a], [b]) => a - b).map(([, element]) => element);
  const sopClass = dataSet.text(0x00080016);
  const instance = uids.map(dataSet.text(0x00080018));
  const syntax = opened.syntax === syntaxes.deflated ? syntaxes.explicit : opened.syntax;
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    metaHeader(syntax, sopClass, instance),
    ...body,
  ]);
}

function isKept({ tag, vr, items }: Element): boolean {
  if (tables.has(tag)) return true;
  if (items || vr === "SQ") return false;
  const isOfPixels = tag >>> 16 === 0x0028 && !removedOfPixels.has(tag);
  return kept.has(tag) || isOfPixels;
}

type Way = Pick<DataSet["reading"], "isExplicit" | "isBigEndian">;

const longForm = new Set("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(" "));

/** Tag, kind, length and value as the source writes them. */
function rawElement({ reading }: DataSet, { vr, at, length }: Element): Buffer {
  const head = vr !== "" && longForm.has(vr) ? 12 : 8;
  return Buffer.from(reading.bytes.subarray(at - head, at + length));
}

function textElement(tag: number, vr: string, value: string, way: Way): Buffer {
  const padding = vr === "UI" ? "\0" : " ";
  return element(
    tag,
    vr,
    Buffer.from(value.length % 2 === 0 ? value : value + padding, "latin1"),
    way,
  );
}

/** 113100 of DCM: which profile was followed. */
function methodSequence(way: Way): Buffer {
  const item = Buffer.concat([
    textElement(0x00080100, "SH", "113100", way),
    textElement(0x00080102, "SH", "DCM", way),
    textElement(0x00080104, "LO", "Basic Application Confidentiality Profile", way),
  ]);
  const inItem = element(0xfffee000, "", item, { ...way, isExplicit: false });
  return element(0x00120064, "SQ", inItem, way);
}

function element(tag: number, vr: string, value: Buffer, { isExplicit, isBigEndian }: Way): Buffer {
  const isLong = isExplicit && longForm.has(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  const put = (number: number, at: number, width: 2 | 4) =>
    isBigEndian ? head.writeUIntBE(number, at, width) : head.writeUIntLE(number, at, width);
  put(tag >>> 16, 0, 2);
  put(tag & 0xffff, 2, 2);
  if (isExplicit) head.write(vr, 4, "latin1");
  if (!isExplicit) put(value.length, 4, 4);
  else if (isLong) put(value.length, 8, 4);
  else put(value.length, 6, 2);
  return Buffer.concat([head, value]);
}
