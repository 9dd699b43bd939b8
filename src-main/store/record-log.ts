import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { RecordEntry } from "../../shared/domain/command.ts";
import { syncFolder } from "./pack.ts";
import type { AuditRecord } from "./record.ts";
import { storageFailure } from "./storage-failure.ts";

const lineSchema = z.looseObject({ no: z.int(), hash: z.string() });
const chunkBytes = 1 << 16;

/**
 * The record's twin: one entry as one JSON line, appended and flushed after the commit. It may fall behind (a kill
 * between the two, a full disk) and catches up at the next entry or the next open; it is never ahead of the store.
 */
export class RecordLog {
  readonly #file: string;
  readonly #record: AuditRecord;
  #handle: number;
  /** Number of the last entry that is on disk, and the length up to its end. */
  #written: number;
  #length: number;

  constructor(folder: string, record: AuditRecord) {
    this.#file = join(folder, "record.log");
    this.#record = record;
    try {
      const isNew = !existsSync(this.#file);
      this.#handle = openSync(this.#file, isNew ? "w+" : "r+");
      if (isNew) syncFolder(dirname(this.#file));
      const tail = this.#tail();
      this.#length = tail.length;
      this.#written = tail.no;
      if (tail.no > 0 && record.byNo(tail.no)?.hash !== tail.hash) this.#startAnew();
      this.catchUp();
    } catch (error) {
      storageFailure(error, "the record's log", folder);
    }
  }

  /** Appends what the store holds beyond the log. */
  catchUp(): void {
    let position = this.#length;
    let last = this.#written;
    for (const entry of this.#record.all(this.#written + 1)) {
      const bytes = Buffer.from(logLine(entry));
      for (let done = 0; done < bytes.length;)
        done += writeSync(this.#handle, bytes, done, bytes.length - done, position + done);
      position += bytes.length;
      last = entry.no;
    }
    if (last === this.#written) return;
    fsyncSync(this.#handle);
    this.#length = position;
    this.#written = last;
  }

  close(): void {
    closeSync(this.#handle);
  }

  /** The last whole line, read backwards; a torn one after it is cut off. */
  #tail(): { no: number; hash: string; length: number } {
    const size = fstatSync(this.#handle).size;
    const end = this.#endOfLine(size);
    if (end < size) ftruncateSync(this.#handle, end);
    if (end === 0) return { no: 0, hash: "", length: 0 };
    const start = this.#endOfLine(end - 1);
    const bytes = Buffer.alloc(end - start);
    readSync(this.#handle, bytes, 0, bytes.length, start);
    const line = parseLine(bytes.toString("utf8"));
    return { no: line?.no ?? -1, hash: line?.hash ?? "", length: end };
  }

  /** Offset after the last line break before `before`, 0 where there is none. */
  #endOfLine(before: number): number {
    const bytes = Buffer.alloc(chunkBytes);
    for (let end = before; end > 0; end -= chunkBytes) {
      const start = Math.max(0, end - chunkBytes);
      const count = readSync(this.#handle, bytes, 0, end - start, start);
      const at = bytes.subarray(0, count).lastIndexOf(10);
      if (at >= 0) return start + at + 1;
    }
    return 0;
  }

  /** The log tells another story than the store: it is kept under another name, and a new one written. */
  #startAnew(): void {
    closeSync(this.#handle);
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, "-");
    renameSync(this.#file, `${this.#file}.differs-${stamp}`);
    this.#handle = openSync(this.#file, "w+");
    this.#written = 0;
    this.#length = 0;
  }
}

export function logLine(entry: RecordEntry): string {
  return JSON.stringify(entry) + "\n";
}

function parseLine(text: string): { no: number; hash: string } | null {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
