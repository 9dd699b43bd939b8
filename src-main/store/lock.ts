import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../shared/errors/app-error.ts";
import { Connection } from "./connection.ts";
import { storageFailure } from "./storage-failure.ts";

/** Who has an audit open for writing, in words. */
export interface LockHolder {
  readonly who: string;
  readonly where: string;
  readonly since: string;
}

const wordsSchema = z.strictObject({
  who: z.string(),
  where: z.string(),
  process: z.int(),
  since: z.string(),
});

/**
 * The right to write one audit: an exclusive transaction on `lock.sqlite`, which the system frees when the process ends,
 * however it ends. `lock` beside it says who, where and since when. Nothing but SQLite may open `lock.sqlite` in this
 * process: closing any other handle on it would free a POSIX lock.
 */
export class AuditLock {
  readonly #connection: Connection;
  readonly #words: string;

  private constructor(connection: Connection, words: string) {
    this.#connection = connection;
    this.#words = words;
  }

  /** The lock, or who holds it. */
  static take(folder: string): AuditLock | LockHolder {
    const words = join(folder, "lock");
    const connection = lockFile(folder);
    if (!connection) return holderIn(words);
    try {
      const who = userName();
      const since = new Date().toISOString();
      const holder = { who, where: hostname(), process: process.pid, since };
      writeFileSync(words, JSON.stringify(holder) + "\n");
    } catch (error) {
      connection.close();
      return storageFailure(error, "the lock", folder);
    }
    return new AuditLock(connection, words);
  }

  /** Whether another process holds the lock now; its words alone may be left over from a kill. */
  static isHeldElsewhere(folder: string): boolean {
    const words = readWords(join(folder, "lock"));
    if (words?.process === process.pid && words.where === hostname()) return false;
    try {
      const connection = lockFile(folder);
      connection?.close();
      return connection === null;
    } catch {
      return false; // a folder that cannot be written holds no lock
    }
  }

  release(): void {
    rmSync(this.#words, { force: true });
    this.#connection.close();
  }
}

/** The lock file in an exclusive transaction; null where someone else is in one. */
function lockFile(folder: string): Connection | null {
  const connection = new Connection(join(folder, "lock.sqlite"), { what: "the lock", folder });
  try {
    connection.exec("PRAGMA busy_timeout = 0");
    connection.exec("PRAGMA journal_mode = MEMORY");
    connection.exec("BEGIN EXCLUSIVE");
    return connection;
  } catch (error) {
    connection.close();
    if (isBusy(error)) return null;
    throw error;
  }
}

function holderIn(words: string): LockHolder {
  const found = readWords(words);
  // the holder may be between taking the lock and writing its words
  if (!found) return { who: "?", where: "?", since: "?" };
  return { who: found.who, where: `${found.where}, process ${found.process}`, since: found.since };
}

function readWords(file: string): z.infer<typeof wordsSchema> | null {
  try {
    return wordsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const cause = error.cause as { errcode?: number } | undefined; // the driver's error
  return cause?.errcode !== undefined && [5, 6].includes(cause.errcode & 0xff); // busy, locked
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "?"; // a container may run under a number that has no name
  }
}
