/** What a value is written from: texts (several are divided by "\"), numbers, raw bytes, or the items of a sequence. */
export type ElementValue =
  string | readonly string[] | readonly number[] | Uint8Array | readonly DataElements[];

/** One element to be written. Tags are numbers, 0xGGGGEEEE; an empty list writes an element without a value. */
export interface WriteElement {
  readonly tag: number;
  readonly vr: Vr;
  readonly value: ElementValue;
}

/** A data set, or an item of a sequence; the writer sorts by tag. */
export type DataElements = readonly WriteElement[];

/** Kinds of value that are written (PS3.5 6.2). */
export type Vr = keyof typeof textLimits | "US" | "UL" | "SS" | "SL" | "FL" | "FD" | BytesVr | "SQ";
type BytesVr = "OB" | "OW" | "OF" | "OD" | "OL" | "UN" | "AT";

/** Most characters of one value of a text kind (PS3.5 6.2); a text cut by the writer would be a false one. */
export const textLimits = {
  AE: 16,
  AS: 4,
  CS: 16,
  DA: 8,
  DS: 16,
  DT: 26,
  IS: 12,
  LO: 64,
  LT: 10_240,
  PN: 324,
  SH: 16,
  ST: 1024,
  TM: 14,
  UC: 4_294_967_294,
  UI: 64,
  UR: 4_294_967_294,
  UT: 4_294_967_294,
} as const;

/** A text of any kind. */
export function text(tag: number, vr: Vr, value: string | readonly string[]): WriteElement {
  return { tag, vr, value };
}

/** Unsigned 16-bit numbers. */
export function words(tag: number, ...value: number[]): WriteElement {
  return { tag, vr: "US", value };
}

/** Items of a sequence. */
export function sequence(tag: number, ...items: DataElements[]): WriteElement {
  return { tag, vr: "SQ", value: items };
}

/** A decimal as DICOM writes it: at most 16 characters, as near to the number as they allow. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no decimal`);
  const short = String(value);
  if (short.length <= 16) return short;
  for (let digits = 15; digits > 0; digits--) {
    const written = String(Number(value.toPrecision(digits)));
    if (written.length <= 16) return written;
  }
  throw new RangeError(`${value} does not fit a decimal`);
}
