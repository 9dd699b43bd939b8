import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { backup } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import type { Connection } from "./connection.ts";
import { readHostSettings } from "./host-settings.ts";
import { storageFailure } from "./storage-failure.ts";

const everyMs = 10 * 60_000;

/**
 * Rolling copies of the store in `copies/`: every ten minutes while it changes, at close, before an upgrade. The first
 * of a day is that day's; twelve short ones and fourteen daily ones
 * are kept, or as many as Settings say. Work goes on while one is made.
 */
export class Copies {
  readonly #folder: string;
  readonly #connection: Connection;
  #timer: NodeJS.Timeout | null = null;
  #version: () => number = () => 0;
  #copied = -1;
  #running: Promise<string> | null = null;

  constructor(folder: string, connection: Connection) {
    this.#folder = join(folder, "copies");
    this.#connection = connection;
  }

  /** `version` changes whenever there is something new to keep. */
  start(version: () => number): void {
    this.#version = version;
    this.#copied = version();
    this.#timer = setInterval(() => {
      // a copy that fails (a full disk) is tried again in ten minutes; the store itself reports what it cannot write
      if (this.#version() !== this.#copied) this.make().catch(() => {});
    }, everyMs);
    this.#timer.unref();
  }

  /** One more copy where something changed; waits for one under way. */
  async finish(): Promise<void> {
    this.stop();
    try {
      await this.#running;
      if (this.#version() !== this.#copied) await this.make();
    } catch {
      // Closing never fails for want of a copy: the store itself is whole.
    }
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  make(): Promise<string> {
    this.#running ??= this.#make().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Those there are, newest first. */
  list(): { readonly name: string; readonly bytes: number; readonly at: string }[] {
    if (!existsSync(this.#folder)) return [];
    return this.#names("")
      .filter((name) => name.endsWith(".sqlite"))
      .map((name) => {
        const { size, mtime } = statSync(join(this.#folder, name));
        return { name, bytes: size, at: mtime.toISOString() };
      })
      .toSorted((a, b) => b.at.localeCompare(a.at));
  }

  /** At once, and nothing else happens meanwhile: before an upgrade. Kept until someone deletes it. */
  makeNow(name: string): string {
    mkdirSync(this.#folder, { recursive: true });
    const file = join(this.#folder, `${name}-${stamp(new Date())}.sqlite`);
    this.#connection.run("VACUUM INTO ?", file);
    return file;
  }

  async #make(): Promise<string> {
    const version = this.#version();
    const now = new Date();
    const part = join(this.#folder, "copy.part");
    try {
      mkdirSync(this.#folder, { recursive: true });
      rmSync(part, { force: true });
      await this.#backUp(part);
      const day = `daily-${now.toISOString().slice(0, 10)}.sqlite`;
      const isFirst = !this.#names("daily-").includes(day);
      const file = join(this.#folder, isFirst ? day : `short-${stamp(now)}.sqlite`);
      renameSync(part, file);
      this.#copied = version;
      const { copiesShort: short, copiesDaily: daily } = readHostSettings();
      const keep = { short, daily };
      for (const kind of ["short", "daily"] as const)
        for (const name of this.#names(`${kind}-`).slice(0, -keep[kind]))
          rmSync(join(this.#folder, name));
      return file;
    } catch (error) {
      rmSync(part, { force: true });
      return storageFailure(error, "a copy of the audit", this.#folder);
    }
  }

  /**
   * SQLite locks a copy out while a transaction is open, and Node reports that as an error without a code if it happens
   * before the first page: it is tried again until the transaction has ended.
   */
  async #backUp(file: string): Promise<void> {
    for (let tries = 1; ; tries++)
      try {
        await backup(this.#connection.database, file, { rate: 256 });
        return;
      } catch (error) {
        if (!isLockedOut(error) || tries === 100) throw error;
        await setTimeout(20);
      }
  }

  /** Oldest first: the names hold their time. */
  #names(prefix: string): string[] {
    return readdirSync(this.#folder)
      .filter((name) => name.startsWith(prefix))
      .toSorted();
  }
}

function isLockedOut(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 0;
}

function stamp(time: Date): string {
  return time.toISOString().replaceAll(/[:.]/g, "-");
}
