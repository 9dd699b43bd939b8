import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { storageFailure } from "./storage-failure.ts";

/**
 * 256-pixel pictures, appended to `thumbs/256.pack`. Each lies behind a header of 16 bytes (little-endian: item, length,
 * check sum, average grey), so the index, `thumbs/256.index`, is only a list of headers with offsets and can be made
 * again from the pack. A cache: nothing waits for the disk, and what fails its check sum is made anew.
 */
export class Thumbnails {
  readonly #folder: string;
  readonly #mayWrite: boolean;
  readonly #places = new Map<ItemNo, Place>();
  #pack: number | null = null;
  #index: number | null = null;
  #end = 0;

  constructor(folder: string, mayWrite: boolean) {
    this.#folder = join(folder, "thumbs");
    this.#mayWrite = mayWrite;
    this.#open();
  }

  /** Later ones replace earlier ones of the same item. */
  add(item: ItemNo, jpeg: Uint8Array, averageGrey: number): void {
    if (!this.#mayWrite) return;
    try {
      this.#create();
      if (this.#pack === null || this.#index === null) return;
      const place: Place = { at: this.#end, length: jpeg.length, check: crc32(jpeg), averageGrey };
      const header = packHeader(item, place);
      writeSync(this.#pack, header, 0, header.length, this.#end);
      writeSync(this.#pack, jpeg, 0, jpeg.length, this.#end + header.length);
      const entry = indexEntry(header, this.#end);
      writeSync(this.#index, entry);
      this.#places.set(item, place);
      this.#end += header.length + jpeg.length;
    } catch (error) {
      storageFailure(error, "thumbnails", this.#folder);
    }
  }

  get(item: ItemNo): Uint8Array | null {
    const place = this.#places.get(item);
    if (!place || this.#pack === null) return null;
    const bytes = new Uint8Array(place.length);
    const count = readSync(this.#pack, bytes, 0, place.length, place.at + headerBytes);
    if (count === place.length && crc32(bytes) === place.check) return bytes;
    this.#places.delete(item);
    return null;
  }

  has(item: ItemNo): boolean {
    return this.#places.has(item);
  }

  averageGrey(item: ItemNo): number | null {
    return this.#places.get(item)?.averageGrey ?? null;
  }

  get count(): number {
    return this.#places.size;
  }

  /** What they take on the disk, in bytes. */
  get bytes(): number {
    return this.#pack === null ? 0 : fstatSync(this.#pack).size;
  }

  /** Removes them from the disk; each is made again when it is asked for. */
  clear(): void {
    if (!this.#mayWrite) return;
    this.close();
    this.#places.clear();
    this.#end = 0;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  close(): void {
    for (const handle of [this.#pack, this.#index]) if (handle !== null) closeSync(handle);
    this.#pack = this.#index = null;
  }

  #open(): void {
    const [pack, index] = [join(this.#folder, "256.pack"), join(this.#folder, "256.index")];
    if (!existsSync(pack)) return;
    this.#pack = openSync(pack, this.#mayWrite ? "r+" : "r");
    const size = fstatSync(this.#pack).size;
    const indexed = existsSync(index) ? this.#readIndex(readFileSync(index), size) : 0;
    const missed = this.#scan(size);
    if (!this.#mayWrite) return;
    ftruncateSync(this.#pack, this.#end);
    this.#index = openSync(index, "a");
    ftruncateSync(this.#index, indexed);
    for (const entry of missed) writeSync(this.#index, entry);
  }

  #create(): void {
    if (this.#pack !== null) return;
    mkdirSync(this.#folder, { recursive: true });
    this.#pack = openSync(join(this.#folder, "256.pack"), "w+");
    this.#index = openSync(join(this.#folder, "256.index"), "w");
  }

  /** Entries that follow one another as pictures do; returns the length of those that hold. */
  #readIndex(bytes: Buffer, packSize: number): number {
    let at = 0;
    for (; at + entryBytes <= bytes.length; at += entryBytes) {
      const place = placeOf(bytes.subarray(at), Number(bytes.readBigUInt64LE(at + headerBytes)));
      const end = place.at + headerBytes + place.length;
      if (place.at !== this.#end || place.length === 0 || end > packSize) break;
      this.#places.set(bytes.readUInt32LE(at), place);
      this.#end = end;
    }
    return at;
  }

  /** Reads headers from where the index ends to the first that does not fit; returns their entries. */
  #scan(packSize: number): Buffer[] {
    const entries: Buffer[] = [];
    while (this.#pack !== null && this.#end + headerBytes <= packSize) {
      const header = Buffer.alloc(headerBytes);
      readSync(this.#pack, header, 0, headerBytes, this.#end);
      const place = placeOf(header, this.#end);
      const end = this.#end + headerBytes + place.length;
      if (end > packSize || place.length === 0) break;
      this.#places.set(header.readUInt32LE(0), place);
      entries.push(indexEntry(header, this.#end));
      this.#end = end;
    }
    return entries;
  }
}

interface Place {
  readonly at: number;
  readonly length: number;
  readonly check: number;
  readonly averageGrey: number;
}

const headerBytes = 16;
const entryBytes = headerBytes + 8;

function packHeader(item: ItemNo, place: Place): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(item, 0);
  header.writeUInt32LE(place.length, 4);
  header.writeUInt32LE(place.check, 8);
  header.writeUInt32LE(place.averageGrey, 12);
  return header;
}

function indexEntry(header: Buffer, at: number): Buffer {
  const entry = Buffer.alloc(entryBytes);
  header.copy(entry);
  entry.writeBigUInt64LE(BigInt(at), headerBytes);
  return entry;
}

function placeOf(header: Buffer, at: number): Place {
  return {
    at,
    length: header.readUInt32LE(4),
    check: header.readUInt32LE(8),
    averageGrey: header.readUInt32LE(12),
  };
}
