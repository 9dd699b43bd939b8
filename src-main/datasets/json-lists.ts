import { createReadStream } from "node:fs";
import { setImmediate as breathe } from "node:timers/promises";
import { UnreadableText } from "./text.ts";

/** No entry of a list is longer: a mask of a whole slide has a few MB. */
const longestEntry = 64 * 2 ** 20;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Bytes that change nothing inside an entry: all but quotes and brackets. */
const isPlain = new Uint8Array(256).fill(1);
for (const byte of [quote, openBrace, closeBrace, openBracket, closeBracket]) isPlain[byte] = 0;
const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/**
 * Reads the lists of a JSON object entry by entry: `{"images": [{…}, {…}], …}` calls `take("images", {…})` for each.
 *
 * COCO files reach 500 MB, more than a string may hold and seconds of a blocked process for JSON.parse. Here the bytes
 * are scanned for structure only, each entry of a wanted list is parsed alone, and the process breathes between pieces.
 *
 * @returns the keys of the object, in order
 */
export async function readJsonLists(
  path: string,
  wanted: readonly string[],
  take: (list: string, entry: unknown) => void,
  signal?: AbortSignal,
): Promise<string[]> {
  const scan = new Scan(wanted, take);
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20, signal })) {
    scan.read(piece as Buffer); // sound: no encoding is set
    await breathe(undefined, { signal });
  }
  scan.end();
  return scan.keys;
}

class Scan {
  readonly keys: string[] = [];
  readonly #wanted: ReadonlySet<string>;
  readonly #take: (list: string, entry: unknown) => void;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isDone = false;
  #isKeyNext = false;
  /** The wanted list being read; null outside one. */
  #list: string | null = null;
  #entries = 0;
  /** Bytes of the key or entry being read: earlier pieces, and where it begins in this one; -1 outside. */
  #earlier: Buffer[] = [];
  #start = -1;
  #position = 0;

  constructor(wanted: readonly string[], take: (list: string, entry: unknown) => void) {
    this.#wanted = new Set(wanted);
    this.#take = take;
  }

  read(piece: Buffer): void {
    if (this.#start >= 0) this.#start = 0;
    const isFirst = this.#position === 0;
    const hasMark = isFirst && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf;
    let at = hasMark ? 3 : 0;
    while (at < piece.length) {
      if (this.#isInString) at = this.#readString(piece, at);
      else if (this.#depth > (this.#list === null ? 1 : 2) && isPlain[piece[at] ?? 0] === 1) at++;
      else this.#step(piece, at++);
    }
    if (this.#start >= 0) {
      this.#earlier.push(piece.subarray(this.#start));
      const length = this.#earlier.reduce((sum, part) => sum + part.length, 0);
      if (length > longestEntry)
        throw new UnreadableText("one of its entries is larger than 64 MB");
    }
    this.#position += piece.length;
  }

  end(): void {
    if (!this.#isDone) throw new UnreadableText(`it ends too early, after ${this.#position} bytes`);
  }

  /** Goes on to the end of the string or of the piece; returns where reading continues. */
  #readString(piece: Buffer, from: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at++;
    }
    while (at < piece.length && piece[at] !== quote && piece[at] !== backslash) at++;
    if (piece[at] === backslash) this.#isEscaped = true;
    else if (piece[at] === quote) {
      this.#isInString = false;
      if (this.#depth === 1 && this.#isKeyNext) this.keys.push(String(this.#cut(piece, at + 1)));
    }
    return at + 1;
  }

  #step(piece: Buffer, at: number): void {
    const byte = piece[at] ?? 0;
    if (isSpace(byte)) return;
    if (this.#isDone) throw new UnreadableText("something follows after its end");
    const isListLevel = this.#list !== null && this.#depth === 2;
    if (isListLevel && (byte === comma || byte === closeBracket)) {
      if (this.#start >= 0) this.#takeEntry(piece, at);
    } else if (isListLevel && this.#start < 0) this.#start = at;

    switch (byte) {
      case quote:
        this.#isInString = true;
        if (this.#depth === 1 && this.#isKeyNext) this.#start = at;
        else if (this.#depth === 0) throw new UnreadableText("it is no JSON object");
        return;
      case colon:
        if (this.#depth === 1) this.#isKeyNext = false;
        return;
      case comma:
        if (this.#depth === 1) this.#isKeyNext = true;
        return;
      case openBrace:
      case openBracket:
        this.#open(byte);
        return;
      case closeBrace:
      case closeBracket:
        if (isListLevel ? byte !== closeBracket : this.#depth === 1 && byte !== closeBrace) {
          throw new UnreadableText("its brackets do not match");
        }
        this.#depth--;
        if (this.#depth < 2) this.#list = null;
        this.#isDone = this.#depth === 0;
        return;
      default:
        if (this.#depth === 0) throw new UnreadableText("it is no JSON object");
    }
  }

  #open(byte: number): void {
    if (this.#depth === 0 && byte === openBracket) throw new UnreadableText("it is no JSON object");
    if (this.#depth === 0) this.#isKeyNext = true;
    const key = this.keys.at(-1) ?? "";
    if (this.#depth === 1 && byte === openBracket && this.#wanted.has(key)) {
      this.#list = key;
      this.#entries = 0;
    }
    this.#depth++;
  }

  #takeEntry(piece: Buffer, at: number): void {
    const list = this.#list ?? "";
    this.#entries++;
    const entry = this.#cut(piece, at, `entry ${this.#entries} of "${list}" is not JSON`);
    this.#take(list, entry);
  }

  /** Parses what was collected up to `end` and begins anew. */
  #cut(piece: Buffer, end: number, why = "one of its keys is not JSON"): unknown {
    const bytes = Buffer.concat([...this.#earlier, piece.subarray(this.#start, end)]);
    this.#earlier = [];
    this.#start = -1;
    try {
      return JSON.parse(bytes.toString("utf8"));
    } catch (cause) {
      throw new UnreadableText(why, { cause });
    }
  }
}
