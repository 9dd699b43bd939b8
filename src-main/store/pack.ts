import {
  closeSync,
  fsyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { storageFailure } from "./storage-failure.ts";

/**
 * A file that only grows: what it holds up to a committed length is kept in the store, anything beyond it is the torn
 * tail of a batch that never counted and is written over.
 */
export class Pack {
  readonly #file: string;
  readonly #what: string;
  #handle: number | null = null;
  #mayWrite = false;

  constructor(file: string, what: string) {
    this.#file = file;
    this.#what = what;
  }

  /** Writes `parts` from byte `at` on, waits for the disk, and returns the new length. */
  append(at: number, parts: readonly Uint8Array[]): number {
    try {
      const handle = this.#openForWriting();
      if (fstatSync(handle).size > at) ftruncateSync(handle, at);
      let position = at;
      for (const part of parts) position = writeAll(handle, part, position);
      fsyncSync(handle);
      return position;
    } catch (error) {
      return storageFailure(error, this.#what, dirname(this.#file));
    }
  }

  /** `length` bytes from `at`, or null where the file is gone or shorter: packs are caches. */
  read(at: number, length: number): Uint8Array<ArrayBuffer> | null {
    const handle = this.#openForReading();
    if (handle === null) return null;
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(handle, bytes, filled, length - filled, at + filled);
      if (count === 0) return null;
      filled += count;
    }
    return bytes;
  }

  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
    this.#mayWrite = false;
  }

  #openForWriting(): number {
    if (this.#handle !== null && this.#mayWrite) return this.#handle;
    this.close();
    mkdirSync(dirname(this.#file), { recursive: true });
    let handle: number;
    try {
      handle = openSync(this.#file, "r+");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error; // what openSync throws
      handle = openSync(this.#file, "w+");
      syncFolder(dirname(this.#file));
    }
    this.#handle = handle;
    this.#mayWrite = true;
    return handle;
  }

  #openForReading(): number | null {
    if (this.#handle !== null) return this.#handle;
    try {
      this.#handle = openSync(this.#file, "r");
    } catch {
      return null;
    }
    return this.#handle;
  }
}

/** Makes a new file's name durable. Windows cannot open a folder, and needs no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeAll(handle: number, bytes: Uint8Array, position: number): number {
  let written = 0;
  while (written < bytes.length)
    written += writeSync(handle, bytes, written, bytes.length - written, position + written);
  return position + bytes.length;
}
