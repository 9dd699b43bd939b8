import { Damage } from "../damage.ts";
import type { Segment } from "./jpeg-markers.ts";

/** A Huffman table as one look-up over 16 bits: `length << 8 | symbol`, 0 where no code begins so. */
export type HuffmanTable = Uint16Array;

/** Tables by class (0 DC, 1 AC) and number. */
export type HuffmanTables = Map<number, HuffmanTable>;

/** Reads the tables of a DHT segment into `tables`, keyed `class * 16 + number`. */
export function readHuffmanTables({ body }: Segment, tables: HuffmanTables): void {
  let at = 0;
  while (at + 17 <= body.length) {
    const key = body[at];
    const table = new Uint16Array(65_536);
    let [code, symbolAt] = [0, at + 17];
    for (let length = 1; length <= 16; length++) {
      for (let i = 0; i < body[at + length]; i++) {
        const from = code << (16 - length);
        const to = from + (1 << (16 - length));
        if (to > 65_536 || symbolAt >= body.length) throw new Damage("bad-pixels");
        table.fill((length << 8) | body[symbolAt++], from, to);
        code++;
      }
      code <<= 1;
    }
    tables.set(key, table);
    at = symbolAt;
  }
}

/** Bits of a scan, stuffing taken out. Past the end come zeros, and after a few of them the file counts as cut. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** The next byte to take. */
  at: number;
  #bits = 0;
  #held = 0;
  #missing = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** The next symbol by `table`. */
  symbol(table: HuffmanTable): number {
    this.#fill();
    const entry = table[(this.#bits >>> (this.#held - 16)) & 0xffff];
    if (entry === 0) throw new Damage(this.#missing ? "truncated" : "bad-pixels");
    this.#held -= entry >>> 8;
    return entry & 0xff;
  }

  /** The next `count` bits, at most 16. */
  take(count: number): number {
    if (count === 0) return 0;
    this.#fill();
    this.#held -= count;
    return (this.#bits >>> this.#held) & ((1 << count) - 1);
  }

  /** `count` bits as a signed difference: a leading 0 stands for the negative half. */
  difference(count: number): number {
    if (count === 0) return 0;
    const value = this.take(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** Drops what is left of the last byte and steps over a restart marker. */
  restart(): void {
    this.#bits = this.#held = this.#missing = 0;
    const bytes = this.#bytes;
    while (this.at + 1 < bytes.length) {
      const isMarker = bytes[this.at] === 0xff && bytes[this.at + 1] >= 0xc0;
      if (!isMarker) {
        this.at++;
        continue;
      }
      if ((bytes[this.at + 1] & 0xf8) === 0xd0) this.at += 2;
      return;
    }
  }

  /** Where the marker after this scan begins. */
  endOfScan(): number {
    const bytes = this.#bytes;
    let at = this.at;
    while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] >= 0xc0)) at++;
    return at;
  }

  #fill(): void {
    const bytes = this.#bytes;
    while (this.#held <= 16) {
      let byte = bytes[this.at];
      if (byte === undefined || (byte === 0xff && bytes[this.at + 1] !== 0)) {
        if (byte === 0xff && bytes[this.at + 1] === 0xff) {
          this.at++; // fill bytes before a marker
          continue;
        }
        byte = 0;
        if (++this.#missing > 8) throw new Damage("truncated");
      } else this.at += byte === 0xff ? 2 : 1;
      this.#bits = (this.#bits << 8) | byte;
      this.#held += 8;
    }
  }
}
