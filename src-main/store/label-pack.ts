import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { RunId } from "../../shared/domain/ids.ts";
import { Pack } from "./pack.ts";

const headSize = 16;
/** "HSLP": what is no record of ours has no lengths either. */
const mark = 0x48_53_4c_50;
const mostBytes = 1 << 28;

/** One piece of a pack: facts as JSON, and bytes (a PNG), which may be none. */
export interface LabelRecord {
  readonly facts: unknown;
  readonly bytes: Uint8Array;
}

/**
 * A run's pseudo labels as they are made: `labels.pack`, a cache of what is exported. Each record is its lengths, its CRC-32, JSON,
 * bytes; the first one holds the settings. A record that is torn, and what follows it, never counted.
 */
export class LabelPack {
  readonly #pack: Pack;
  #end = 0;

  constructor(folder: string, run: RunId) {
    this.#pack = new Pack(join(folder, "runs", run, "labels.pack"), "labels");
  }

  /** The facts of every whole record after the settings, in order; none, and an empty pack, where the settings are others. */
  open(settings: unknown): unknown[] {
    const facts: unknown[] = [];
    this.#end = 0;
    for (let record = this.#read(0); record; record = this.#read(this.#end)) {
      const isFirst = this.#end === 0;
      if (isFirst && JSON.stringify(record.facts) !== JSON.stringify(settings)) break;
      this.#end += record.size;
      if (!isFirst) facts.push(record.facts);
    }
    if (this.#end === 0) this.append({ facts: settings, bytes: new Uint8Array(0) });
    return facts;
  }

  /** Durable when it returns. */
  append({ facts, bytes }: LabelRecord): void {
    const json = Buffer.from(JSON.stringify(facts));
    const head = Buffer.alloc(headSize);
    head.writeUInt32LE(mark, 0);
    head.writeUInt32LE(json.length, 4);
    head.writeUInt32LE(bytes.length, 8);
    head.writeUInt32LE(crc32(bytes, crc32(json)), 12);
    this.#end = this.#pack.append(this.#end, [head, json, bytes]);
  }

  /** Every record after the settings. */
  *records(): Generator<LabelRecord> {
    let record = this.#read(0);
    for (let at = record?.size ?? 0; at < this.#end; at += record.size) {
      record = this.#read(at);
      if (!record) return;
      yield record;
    }
  }

  close(): void {
    this.#pack.close();
  }

  #read(at: number): (LabelRecord & { readonly size: number }) | null {
    const head = this.#pack.read(at, headSize);
    if (!head) return null;
    const view = new DataView(head.buffer);
    if (view.getUint32(0, true) !== mark) return null;
    const [jsonLength, bytesLength] = [view.getUint32(4, true), view.getUint32(8, true)];
    if (jsonLength + bytesLength > mostBytes) return null;
    const body = this.#pack.read(at + headSize, jsonLength + bytesLength);
    if (!body) return null;
    const json = body.subarray(0, jsonLength);
    const bytes = body.subarray(jsonLength);
    if (crc32(bytes, crc32(json)) !== view.getUint32(12, true)) return null;
    const facts: unknown = JSON.parse(Buffer.from(json).toString());
    return { facts, bytes, size: headSize + body.length };
  }
}
