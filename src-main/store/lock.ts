import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../shared/errors/app-error.ts";
import { Connection } from "./connection.ts";

const holderSchema = z.strictObject({ who: z.string(), where: z.string(), since: z.string() });
/** Who has an audit open for writing, in words. */
export type LockHolder = z.infer<typeof holderSchema>;

/**
 * The right to write one audit: an exclusive transaction on `lock.sqlite`, which the system frees when the process ends,
 * however it ends. `lock` beside it says who, where and since when. Nothing else may open `lock.sqlite` in this process:
 * closing any handle on it would free a POSIX lock.
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
    const connection = new Connection(join(folder, "lock.sqlite"), { what: "the lock", folder });
    try {
      connection.exec("PRAGMA busy_timeout = 0");
      connection.exec("PRAGMA journal_mode = MEMORY");
      connection.exec("BEGIN EXCLUSIVE");
    } catch (error) {
      connection.close();
      if (isBusy(error)) return readHolder(words);
      throw error;
    }
    const holder: LockHolder = {
      who: userName(),
      where: `${hostname()}, process ${process.pid}`,
      since: new Date().toISOString(),
    };
    writeFileSync(words, JSON.stringify(holder) + "\n");
    return new AuditLock(connection, words);
  }

  release(): void {
    rmSync(this.#words, { force: true });
    this.#connection.close();
  }
}

/** Who last took the lock of `folder`, as its words say; true only while someone holds it. */
export function readHolder(words: string): LockHolder {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(words, "utf8")));
  } catch {
    return { who: "?", where: "?", since: "?" }; // the holder is between taking the lock and writing its words
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
