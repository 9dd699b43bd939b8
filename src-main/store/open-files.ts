import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fail } from "../../shared/errors/app-error.ts";
import { Connection } from "./connection.ts";
import { isWritable } from "./storage-failure.ts";

export const storeName = "audit.sqlite";

/** The store of `folder`, to be written: in write-ahead mode, every commit flushed. */
export function openForWriting(folder: string): Connection {
  const connection = new Connection(join(folder, storeName), { what: "the audit", folder });
  try {
    connection.exec("PRAGMA journal_mode = WAL");
    connection.exec("PRAGMA synchronous = FULL");
    connection.exec("PRAGMA foreign_keys = ON");
    connection.exec("PRAGMA cache_size = -32768"); // KiB
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * The store of `folder`, to be read only. Beside a writer (then there is a write-ahead file) it is read through that; without
 * one it is read as it lies and no file is made. Where SQLite may not touch the write-ahead file, a copy is read.
 */
export function openForReading(folder: string): { connection: Connection; dispose: () => void } {
  const file = join(folder, storeName);
  const options = { what: "the audit", folder, readOnly: true };
  const nothing = () => {};
  if (!existsSync(`${file}-wal`)) {
    const url = pathToFileURL(file);
    url.searchParams.set("immutable", "1");
    return { connection: readable(new Connection(url, options)), dispose: nothing };
  }
  // A write-ahead file whose index is gone was left by a copy of the folder: reading it in place would make the index.
  if (!existsSync(`${file}-shm`)) return openCopy(folder);
  try {
    return { connection: readable(new Connection(file, options)), dispose: nothing };
  } catch (error) {
    if (isWritable(folder)) throw error;
    return openCopy(folder);
  }
}

function openCopy(folder: string): { connection: Connection; dispose: () => void } {
  const copy = mkdtempSync(join(tmpdir(), "hansight-"));
  for (const name of [storeName, `${storeName}-wal`])
    copyFileSync(join(folder, name), join(copy, name));
  const connection = new Connection(join(copy, storeName), { what: "the audit", folder });
  return { connection, dispose: () => rmSync(copy, { recursive: true, force: true }) };
}

function readable(connection: Connection): Connection {
  try {
    connection.get("SELECT 1 FROM sqlite_schema");
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A quick look over every page; a thorough one is `verify`'s business. */
export function checkIntegrity(connection: Connection, folder: string): void {
  const found = connection.get<{ quick_check: string }>("PRAGMA quick_check(1)")?.quick_check;
  if (found !== "ok") fail("audit/damaged", { folder, why: found ?? "no answer" });
}
