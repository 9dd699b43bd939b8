import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { LibraryCard, Reader } from "../../shared/contract/library.ts";
import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";
import type { Role } from "../../shared/domain/role.ts";
import type { PublicKey } from "../../shared/domain/signature.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
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

  /** Who works here, or worked here last; null before anyone said so. */
  me(): KnownReader | null {
    const id = readSetting(this.#connection, "me");
    return typeof id === "string" ? this.reader(id as ReaderId) : null; // written by setMe and isMe
  }

  /** Everybody who works on this computer, by name. */
  readers(): KnownReader[] {
    return this.#connection
      .all<ReaderRow>("SELECT * FROM reader ORDER BY name COLLATE NOCASE")
      .map(toReader);
  }

  reader(id: ReaderId): KnownReader | null {
    const row = this.#connection.get<ReaderRow>("SELECT * FROM reader WHERE id = ?", id);
    return row ? toReader(row) : null;
  }

  /** Adds somebody, or changes what is known of them. Fails with `people/name-taken`. */
  putReader(reader: KnownReader): void {
    const { id, name, initials, role, publicKey } = reader;
    this.#connection.transaction(() => {
      const other = this.#connection.get(
        "SELECT 1 FROM reader WHERE name = ? AND id <> ?",
        name,
        id,
      );
      if (other) fail("people/name-taken", { name });
      this.#connection.run(
        `INSERT INTO reader (id, name, initials, role, public_key) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET name = ?2, initials = ?3, role = ?4, public_key = ?5`,
        id,
        name,
        initials,
        role,
        publicKey,
      );
    });
  }

  /** Notes who signed in last: offered first at the next start. */
  isMe(id: ReaderId): void {
    writeSetting(this.#connection, "me", id);
  }

  /** A name used here before is the same reader again; another name is another reader. */
  setMe({ name, initials }: { readonly name: string; readonly initials: string }): KnownReader {
    return this.#connection.transaction(() => {
      const row = this.#connection.get<ReaderRow>("SELECT * FROM reader WHERE name = ?", name);
      const known = row ? toReader(row) : { ...newReader(), name };
      const me = { ...known, initials };
      this.putReader(me);
      this.isMe(me.id);
      return me;
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

/** Somebody who works on this computer: the role they join audits in, and the open half of their key. */
export interface KnownReader extends Reader {
  readonly role: Role;
  readonly publicKey: PublicKey | null;
}

/** Somebody new, not named yet. */
export function newReader(): Pick<KnownReader, "id" | "role" | "publicKey"> {
  return { id: randomUUID() as ReaderId, role: "reviewer", publicKey: null }; // the one place that makes them
}

interface ReaderRow {
  id: ReaderId;
  name: string;
  initials: string;
  role: Role;
  public_key: PublicKey | null;
}

function toReader({ public_key: publicKey, ...reader }: ReaderRow): KnownReader {
  return { ...reader, publicKey };
}

interface AuditRow {
  id: AuditId;
  name: string;
  folder: string;
  opened_at: string;
  stamp: string | null;
  card: string | null;
}
