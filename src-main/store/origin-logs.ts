import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EntryOrigin } from "../../shared/domain/command.ts";
import { parseEntry } from "./repair.ts";
import { entryHash, firstHash } from "./record.ts";

/** Records of other copies as they were when they were merged: `merged/<tip>.log`, each read once. */
export class OriginLogs {
  readonly #folder: string;
  readonly #hashes = new Map<string, ReadonlyMap<number, string>>();

  constructor(folder: string) {
    this.#folder = join(folder, "merged");
  }

  /** Whether that log is whole, ends in its tip, and holds the entry. */
  has({ tip, no, hash }: EntryOrigin): boolean {
    let hashes = this.#hashes.get(tip);
    if (!hashes) {
      hashes = this.#read(tip);
      this.#hashes.set(tip, hashes);
    }
    return hashes.get(no) === hash;
  }

  /** Hash by number; empty where the log is gone, was cut or was edited. */
  #read(tip: string): ReadonlyMap<number, string> {
    const none = new Map<number, string>();
    const file = join(this.#folder, `${tip}.log`);
    if (!/^[0-9a-f]{64}$/.test(tip) || !existsSync(file)) return none;
    const found = new Map<number, string>();
    let last = firstHash;
    for (const line of readFileSync(file, "utf8").trimEnd().split("\n")) {
      const entry = parseEntry(line);
      if (!entry || entry.prevHash !== last || entryHash(entry) !== entry.hash) return none;
      found.set(entry.no, entry.hash);
      last = entry.hash;
    }
    return last === tip ? found : none;
  }
}
