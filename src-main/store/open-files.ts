import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fail } from "../../shared/errors/app-error.ts";
import { Connection } from "./connection.ts";

export const storeName = "audit.sqlite";

/** The store of `folder`, to be written: in write-ahead mode, every commit flushed. */
export function openForWriting(folder: string): Connection {
  const connection = new Connection(join(folder, storeName), { what: "the audit", folder });
  connection.exec("PRAGMA journal_mode = WAL");
  connection.exec("PRAGMA synchronous = FULL");
  connection.exec("PRAGMA foreign_keys = ON");
  connection.exec("PRAGMA cache_size = -32768"); // KiB
  return connection;
}

/**
 * The store of `folder`, to be read only. Beside a writer it is read through the shared write-ahead file. A folder that
 * cannot be written holds no such file, or one that SQLite may not touch: then it is read as it lies, or from a copy.
 */
export function openForReading(folder: string): { connection: Connection; dispose: () => void } {
  const file = join(folder, storeName);
  const options = { what: "the audit", folder, readOnly: true };
  const nothing = () => {};
  try {
    const connection = new Connection(file, options);
    connection.get("SELECT 1 FROM sqlite_schema");
    return { connection, dispose: nothing };
  } catch (error) {
    const log = `${file}-wal`;
    if (existsSync(log) && statSync(log).size > 0) {
      const copy = mkdtempSync(join(tmpdir(), "hansight-"));
      for (const name of [storeName, `${storeName}-wal`])
        copyFileSync(join(folder, name), join(copy, name));
      const connection = new Connection(join(copy, storeName), { ...options, readOnly: false });
      return { connection, dispose: () => rmSync(copy, { recursive: true, force: true }) };
    }
    const url = pathToFileURL(file);
    url.searchParams.set("immutable", "1");
    const connection = new Connection(url, options);
    try {
      connection.get("SELECT 1 FROM sqlite_schema");
    } catch {
      connection.close();
      throw error;
    }
    return { connection, dispose: nothing };
  }
}

/** A quick look over every page; a thorough one is `verify`'s business. */
export function checkIntegrity(connection: Connection, folder: string): void {
  const found = connection.get<{ quick_check: string }>("PRAGMA quick_check(1)")?.quick_check;
  if (found !== "ok") fail("audit/damaged", { folder, why: found ?? "no answer" });
}
