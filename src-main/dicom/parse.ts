import { Damage } from "./damage.ts";
import { DataSet, type Element, type Fragment } from "./data-set.ts";
import type { Reading } from "./reading.ts";

/** A data set as far as it could be read. */
export interface Parsed {
  readonly dataSet: DataSet;
  /** Where reading stopped. */
  readonly end: number;
  /** Whether the bytes ended inside an element. */
  readonly isCut: boolean;
}

/**
 * Reads elements one after another, hostile files in mind: a sequence of stated length is stepped over and read when
 * asked for, so depth and work follow what is wanted; one of undefined length must be walked, `maxDepth` deep at most.
 * An element that runs past the end is kept with what is there, and ends the reading.
 */
const maxDepth = 24;
const maxElements = 2_000_000;

const undefinedLength = 0xffffffff;
const item = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
export const pixelData = 0x7fe00010;

const longForm = new Set("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(" "));
const shortForm = new Set(
  "AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split(" "),
);

/** Whether two bytes name a kind of value that the standard knows. */
export function isVr(bytes: Uint8Array, at: number): boolean {
  const vr = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0);
  return longForm.has(vr) || shortForm.has(vr);
}

/** Reads elements from `at` up to `end`, or up to the first whose tag `stopsAt`. */
export function parseElements(
  reading: Reading,
  at: number,
  end = reading.bytes.length,
  stopsAt: (tag: number) => boolean = () => false,
): Parsed {
  return walk(reading, at, end, stopsAt, 0, { left: maxElements });
}

/** Items of a sequence whose length is stated; what is no sequence has none. */
function itemsOf(reading: Reading, { at, length, vr, fragments }: Element): readonly DataSet[] {
  if (fragments || (vr !== "" && vr !== "SQ" && vr !== "UN")) return [];
  const inside = vr === "UN" ? { ...reading, isExplicit: false } : reading;
  return walkItems(inside, at, at + length, 0, { left: maxElements }).items;
}

interface Budget {
  left: number;
}

function walk(
  reading: Reading,
  start: number,
  end: number,
  stopsAt: (tag: number) => boolean,
  depth: number,
  budget: Budget,
): Parsed {
  if (depth > maxDepth) throw new Damage("too-deep");
  const elements = new Map<number, Element>();
  const dataSet = new DataSet(reading, elements, itemsOf);
  let at = start;
  while (at + 8 <= end) {
    if (--budget.left < 0) throw new Damage("too-many");
    const tag = tagAt(reading, at);
    if (tag === itemEnd || tag === sequenceEnd) return { dataSet, end: at + 8, isCut: false };
    if (stopsAt(tag)) return { dataSet, end: at, isCut: false };
    const head = headOf(reading, at, end);
    if (!head) return { dataSet, end: at, isCut: true };
    const { vr, length, valueAt } = head;
    if (length !== undefinedLength) {
      const there = Math.min(length, end - valueAt);
      const isCut = there < length;
      const element = { tag, vr, at: valueAt, length: there, isCut, items: null, fragments: null };
      if (!elements.has(tag)) elements.set(tag, element);
      if (isCut) return { dataSet, end, isCut: true };
      at = valueAt + length;
    } else if (tag === pixelData && (vr === "OB" || vr === "OW" || vr === "UN" || vr === "")) {
      const found = walkFragments(reading, valueAt, end);
      const length = found.end - valueAt;
      elements.set(tag, { tag, vr, at: valueAt, length, ...found, items: null });
      if (found.isCut) return { dataSet, end: found.end, isCut: true };
      at = found.end;
    } else {
      // UN of undefined length holds implicit items, whatever the file says of itself.
      const inside = vr === "UN" ? { ...reading, isExplicit: false } : reading;
      const found = walkItems(inside, valueAt, end, depth, budget);
      const { items, isCut } = found;
      const length = found.end - valueAt;
      elements.set(tag, { tag, vr, at: valueAt, length, isCut, items, fragments: null });
      if (isCut) return { dataSet, end: found.end, isCut: true };
      at = found.end;
    }
  }
  return { dataSet, end: at, isCut: at < end };
}

function walkItems(reading: Reading, start: number, end: number, depth: number, budget: Budget) {
  const items: DataSet[] = [];
  let at = start;
  while (at + 8 <= end) {
    if (--budget.left < 0) throw new Damage("too-many");
    const tag = tagAt(reading, at);
    const length = reading.view.getUint32(at + 4, !reading.isBigEndian);
    if (tag === sequenceEnd) return { items, end: at + 8, isCut: false };
    if (tag !== item) return { items, end: at, isCut: true };
    const itemEndsAt = length === undefinedLength ? end : Math.min(end, at + 8 + length);
    const parsed = walk(reading, at + 8, itemEndsAt, () => false, depth + 1, budget);
    items.push(parsed.dataSet);
    if (length === undefinedLength) {
      if (parsed.isCut) return { items, end: parsed.end, isCut: true };
      at = parsed.end;
    } else if (at + 8 + length > end) return { items, end, isCut: true };
    else at += 8 + length;
  }
  return { items, end: at, isCut: at < end };
}

function walkFragments(reading: Reading, start: number, end: number) {
  const fragments: Fragment[] = [];
  let at = start;
  while (at + 8 <= end) {
    const tag = tagAt(reading, at);
    const length = reading.view.getUint32(at + 4, !reading.isBigEndian);
    if (tag === sequenceEnd) return { fragments, end: at + 8, isCut: false };
    if (tag !== item) return { fragments, end: at, isCut: true };
    const there = Math.min(length, end - at - 8);
    fragments.push({ at: at + 8, length: there, isCut: there < length });
    if (there < length) return { fragments, end, isCut: true };
    at += 8 + length;
  }
  return { fragments, end: at, isCut: true };
}

function tagAt({ view, isBigEndian }: Reading, at: number): number {
  const group = view.getUint16(at, !isBigEndian);
  return group * 0x10000 + view.getUint16(at + 2, !isBigEndian);
}

function headOf(reading: Reading, at: number, end: number) {
  const { bytes, view, isExplicit, isBigEndian } = reading;
  const vr = String.fromCharCode(bytes[at + 4], bytes[at + 5]);
  // What is not two capitals is no kind: such an element was written in the implicit way.
  if (!isExplicit || !/^[A-Z]{2}$/.test(vr))
    return { vr: "", length: view.getUint32(at + 4, !isBigEndian), valueAt: at + 8 };
  if (shortForm.has(vr))
    return { vr, length: view.getUint16(at + 6, !isBigEndian), valueAt: at + 8 };
  if (at + 12 > end) return null;
  return { vr, length: view.getUint32(at + 8, !isBigEndian), valueAt: at + 12 };
}
