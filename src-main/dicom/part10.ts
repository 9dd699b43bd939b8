import { inflateRawSync, constants } from "node:zlib";
import { Damage } from "./damage.ts";
import type { DataSet } from "./data-set.ts";
import { isVr, parseElements } from "./parse.ts";
import { readingOf } from "./reading.ts";

/** Transfer syntaxes that say how elements, not pixels, are written. */
export const syntaxes = {
  implicit: "1.2.840.10008.1.2",
  explicit: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  bigEndian: "1.2.840.10008.1.2.2",
} as const;

/** A file's data set, past preamble, meta header and deflate. */
export interface Part10 {
  readonly dataSet: DataSet;
  readonly syntax: string;
  /** Whether the file ends inside an element. */
  readonly isCut: boolean;
}

/** Most bytes a deflated data set may unpack to. */
const maxInflatedBytes = 512_000_000;

/**
 * Whether the first bytes look like DICOM: the mark after the preamble, or, without one, a first element of a low
 * group whose kind or length is believable.
 */
export function looksLikeDicom(head: Uint8Array): boolean {
  return startOf(head) !== null;
}

/**
 * Opens a file's bytes; null where they are no DICOM. `stopsAt` ends the reading early. A missing or false transfer
 * syntax is settled by how the first element is written.
 */
export function openPart10(
  bytes: Uint8Array,
  stopsAt: (tag: number) => boolean = () => false,
): Part10 | null {
  const start = startOf(bytes);
  if (start === null) return null;
  const explicit = readingOf(bytes, true, false);
  const meta = parseElements(explicit, start, bytes.length, (tag) => tag >>> 16 !== 2);
  const stated = meta.dataSet.text(0x00020010);
  if (stated === syntaxes.deflated) {
    const inflated = inflate(bytes.subarray(meta.end));
    const reading = readingOf(inflated.bytes, isVr(inflated.bytes, 4), false);
    const parsed = parseElements(reading, 0, undefined, stopsAt);
    return { dataSet: parsed.dataSet, syntax: stated, isCut: parsed.isCut || inflated.isCut };
  }
  const isBigEndian = isWrittenBigEndian(bytes, meta.end, stated);
  const reading = readingOf(bytes, isVr(bytes, meta.end + 4), isBigEndian);
  const parsed = parseElements(reading, meta.end, undefined, stopsAt);
  const guessed = isBigEndian
    ? syntaxes.bigEndian
    : reading.isExplicit
      ? syntaxes.explicit
      : syntaxes.implicit;
  return { dataSet: parsed.dataSet, syntax: stated || guessed, isCut: parsed.isCut || meta.isCut };
}

function startOf(bytes: Uint8Array): number | null {
  if (Buffer.from(bytes.subarray(128, 132)).toString("latin1") === "DICM") return 132;
  if (bytes.length < 12) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [group, element] = [view.getUint16(0, true), view.getUint16(2, true)];
  if ([2, 4, 8].includes(group) && element < 0x2000) {
    if (isVr(bytes, 4)) return 0;
    // Implicit: the first elements are short texts and numbers.
    return group === 8 && view.getUint32(4, true) <= 256 ? 0 : null;
  }
  const isBigEndian = [4, 8].includes(view.getUint16(0)) && view.getUint16(2) < 0x2000;
  return isBigEndian && isVr(bytes, 4) ? 0 : null;
}

function isWrittenBigEndian(bytes: Uint8Array, at: number, stated: string): boolean {
  if (at + 4 > bytes.length) return false;
  // A first group above 255 that is low when its bytes are swapped tells, whatever is stated.
  const little = bytes[at] + 256 * bytes[at + 1];
  const big = 256 * bytes[at] + bytes[at + 1];
  if (little === big) return stated === syntaxes.bigEndian;
  return big < little;
}

function inflate(packed: Uint8Array): { bytes: Uint8Array; isCut: boolean } {
  const options = { maxOutputLength: maxInflatedBytes };
  try {
    return { bytes: inflateRawSync(packed, options), isCut: false };
  } catch (cause) {
    const isCut = cause instanceof Error && "code" in cause && cause.code === "Z_BUF_ERROR";
    if (!isCut) throw new Damage("inflate", { cause });
    const finishFlush = constants.Z_SYNC_FLUSH;
    return { bytes: inflateRawSync(packed, { ...options, finishFlush }), isCut: true };
  }
}
