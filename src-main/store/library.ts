import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { LibraryCard, Reader } from "../../shared/contract/library.ts";
import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";
import { AppError } from "../../shared/errors/app-error.ts";
import { readSetting, writeSetting } from "./audit-facts.ts";
import { Connection } from "./connection.ts";
import { dataFolder } from "./data-folders.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { isInUseElsewhere, peekAudit, peekSchema, peekStamp, type Peek } from "./peek.ts";
import { storageFailure } from "./storage-failure.ts";

/** Opens the library of this user; a damaged one is put aside, for it is only a list. */
export function openLibrary(folder: string = dataFolder()): Library {
  try {
    mkdirSync(folder, { recursive: true });
    return new Library(connect(folder));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "audit/damaged")
      return storageFailure(error, "the library", folder);
    const file = join(folder, libraryName);
    renameSync(file, `${file}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`);
    for (const part of ["-wal", "-shm"]) rmSync(file + part, { force: true });
    return new Library(connect(folder));
  }
}

const libraryName = "library.sqlite";

function connect(folder: string): Connection {
  const connection = new Connection(join(folder, libraryName), { what: "the library", folder });
  connection.exec("PRAGMA journal_mode = WAL");
  const migrations = readMigrations(join(import.meta.dirname, "library-migrations"));
  migrate(connection, folder, { migrations });
  return connection;
}

/** The audits known on this computer, who is working, and settings. Several processes may have it open. */
export class Library {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Who works here; null before anyone said so. */
  me(): Reader | null {
    const id = readSetting(this.#connection, "me");
    if (typeof id !== "string") return null;
    return (
      this.#connection.get<Reader>("SELECT id, name, initials FROM reader WHERE id = ?", id) ?? null
    );
  }

  /** A name used here before is the same reader again; another name is another reader. */
  setMe({ name, initials }: { readonly name: string; readonly initials: string }): Reader {
    return this.#connection.transaction(() => {
      const known = this.#connection.get<{ id: ReaderId }>(
        "SELECT id FROM reader WHERE name = ?",
        name,
      );
      const id = known?.id ?? (randomUUID() as ReaderId); // the one place that makes them
      this.#connection.run(
        `INSERT INTO reader (id, name, initials) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET initials = excluded.initials`,
        id,
        name,
        initials,
      );
      writeSetting(this.#connection, "me", id);
      return { id, name, initials };
    });
  }

  /** Any value that JSON holds; null where nothing was set. */
  setting(key: string): unknown {
    return readSetting(this.#connection, `app:${key}`);
  }

  setSetting(key: string, value: unknown): void {
    writeSetting(this.#connection, `app:${key}`, value);
  }

  /** Puts an audit on the list, or notes where it is now and that it was opened. */
  remember({
    id,
    folder,
    name,
  }: {
    readonly id: AuditId;
    readonly folder: string;
    readonly name: string;
  }): void {
    this.#connection.transaction(() => {
      this.#connection.run("DELETE FROM audit WHERE folder = ? AND id <> ?", folder, id);
      this.#connection.run(
        `INSERT INTO audit (id, name, folder, opened_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET name = ?2, folder = ?3, opened_at = ?4`,
        id,
        name,
        folder,
        new Date().toISOString(),
      );
    });
  }

  folderOf(id: AuditId): string | null {
    return (
      this.#connection.get<{ folder: string }>("SELECT folder FROM audit WHERE id = ?", id)
        ?.folder ?? null
    );
  }

  /** Takes it off the list; the folder stays. */
  forget(id: AuditId): void {
    this.#connection.run("DELETE FROM audit WHERE id = ?", id);
  }

  /** Last opened first. An audit that changed since it was last listed is looked into. */
  list(): LibraryCard[] {
    const rows = this.#connection.all<AuditRow>("SELECT * FROM audit ORDER BY opened_at DESC, id");
    return rows.map((row) => {
      const { id, name, folder } = row;
      const stamp = peekStamp(folder);
      const peek = stamp === null ? null : this.#peek(row, stamp);
      const isInUse = peek !== null && isInUseElsewhere(folder);
      return {
        id,
        name,
        shownPlace: `${basename(dirname(folder))}/${basename(folder)}`,
        openedAt: row.opened_at,
        ...(peek ?? { items: 0, model: null, judged: 0, planned: 0, bytes: 0 }),
        state: peek === null ? "missing" : isInUse ? "in-use" : peek.state,
      };
    });
  }

  close(): void {
    this.#connection.close();
  }

  #peek({ id, folder, stamp, card }: AuditRow, now: string): Peek {
    const known = stamp === now && card ? peekSchema.safeParse(JSON.parse(card)) : null;
    if (known?.success) return known.data;
    const peek = peekAudit(folder);
    const text = JSON.stringify(peek);
    this.#connection.run("UPDATE audit SET stamp = ?, card = ? WHERE id = ?", now, text, id);
    return peek;
  }
}

interface AuditRow {
  id: AuditId;
  name: string;
  folder: string;
  opened_at: string;
  stamp: string | null;
  card: string | null;
}
