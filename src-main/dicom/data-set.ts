import type { Reading } from "./reading.ts";

/** One element of a data set: where its value lies. Tags are numbers, 0xGGGGEEEE. */
export interface Element {
  readonly tag: number;
  /** Two letters, or "" where the file is implicit and does not say. */
  readonly vr: string;
  /** First byte of the value. */
  readonly at: number;
  /** Bytes of the value that are there; less than stated where the file is cut. */
  readonly length: number;
  readonly isCut: boolean;
  /** Items of a sequence of undefined length; others are read when asked for. */
  readonly items: readonly DataSet[] | null;
  /** Fragments of encapsulated pixels, the offset table first. */
  readonly fragments: readonly Fragment[] | null;
}

/** A stretch of the file. */
export interface Fragment {
  readonly at: number;
  /** Bytes that are there. */
  readonly length: number;
  /** Whether the file ends before the stretch does. */
  readonly isCut: boolean;
}

/** Reads the items of a sequence whose length is stated. */
export type ItemReader = (reading: Reading, element: Element) => readonly DataSet[];

/**
 * Elements by tag over the file's bytes. Values are read when asked for, as the kind that is asked for: a file that
 * says another kind than the standard's is believed about its bytes only.
 */
export class DataSet {
  readonly reading: Reading;
  readonly elements: ReadonlyMap<number, Element>;
  readonly #itemsOf: ItemReader;

  constructor(
    reading: Reading,
    elements: ReadonlyMap<number, Element>,
    itemsOf: ItemReader = () => [],
  ) {
    this.reading = reading;
    this.elements = elements;
    this.#itemsOf = itemsOf;
  }

  has(tag: number): boolean {
    return (this.elements.get(tag)?.length ?? 0) > 0;
  }

  /** The value's bytes; null where the element is missing or empty. */
  bytes(tag: number): Uint8Array | null {
    const element = this.elements.get(tag);
    if (!element || element.length === 0 || element.fragments || element.items) return null;
    return this.reading.bytes.subarray(element.at, element.at + element.length);
  }

  /** Trimmed ASCII text of the first 64 KB, values still divided by "\"; "" where missing. */
  text(tag: number): string {
    const bytes = this.bytes(tag)?.subarray(0, 65_536);
    if (!bytes) return "";
    return Buffer.from(bytes)
      .toString("latin1")
      .replace(/[\0 ]+$/, "")
      .trimStart();
  }

  /** Texts of a value of several. */
  texts(tag: number): readonly string[] {
    const text = this.text(tag);
    return text === "" ? [] : text.split("\\").map((part) => part.trim());
  }

  /** Numbers written as text (DS, IS); what is no number is NaN. */
  decimals(tag: number): readonly number[] {
    return this.texts(tag).map((part) => (part === "" ? NaN : Number(part)));
  }

  /** The first number written as text; null where there is none. */
  decimal(tag: number): number | null {
    const [first] = this.decimals(tag);
    return Number.isFinite(first) ? first : null;
  }

  /** Unsigned 16-bit words. */
  words(tag: number): readonly number[] {
    return this.#numbers(tag, 2, (view, at, little) => view.getUint16(at, little));
  }

  /** The first unsigned 16-bit word; null where there is none. */
  word(tag: number): number | null {
    return this.words(tag)[0] ?? null;
  }

  /** Signed or unsigned 16-bit words, by the element's own kind, else as asked. */
  shorts(tag: number, isSigned: boolean): readonly number[] {
    const vr = this.elements.get(tag)?.vr;
    if (vr === "US" || (vr !== "SS" && !isSigned)) return this.words(tag);
    return this.#numbers(tag, 2, (view, at, little) => view.getInt16(at, little));
  }

  /** Unsigned 32-bit words. */
  longs(tag: number): readonly number[] {
    return this.#numbers(tag, 4, (view, at, little) => view.getUint32(at, little));
  }

  /** 64-bit floats. */
  doubles(tag: number): readonly number[] {
    return this.#numbers(tag, 8, (view, at, little) => view.getFloat64(at, little));
  }

  /** 32-bit floats. */
  floats(tag: number): readonly number[] {
    return this.#numbers(tag, 4, (view, at, little) => view.getFloat32(at, little));
  }

  /** Items of a sequence; empty where it is missing. */
  items(tag: number): readonly DataSet[] {
    const element = this.elements.get(tag);
    return element ? (element.items ?? this.#itemsOf(this.reading, element)) : [];
  }

  /** The first item of a sequence. */
  item(tag: number): DataSet | null {
    return this.items(tag)[0] ?? null;
  }

  #numbers(
    tag: number,
    width: number,
    read: (view: DataView, at: number, little: boolean) => number,
  ): readonly number[] {
    const bytes = this.bytes(tag);
    if (!bytes) return [];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = Math.floor(bytes.length / width);
    return Array.from({ length: count }, (_, i) =>
      read(view, i * width, !this.reading.isBigEndian),
    );
  }
}
