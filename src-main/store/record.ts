import { createHash } from "node:crypto";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import type { EntryOrigin, RecordEntry } from "../../shared/domain/command.ts";
import type { CommandId, ReaderId } from "../../shared/domain/ids.ts";
import type { Connection } from "./connection.ts";

/** The hash before the first entry. */
export const firstHash = "0".repeat(64);

export interface NewEntry {
  readonly readerId: ReaderId | null;
  readonly action: string;
  readonly object: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly commandId: CommandId | null;
}

interface RecordRow {
  no: number;
  at: string;
  reader: ReaderId | null;
  action: string;
  object: string;
  before: string;
  after: string;
  command_id: CommandId | null;
  prev_hash: string;
  hash: string;
  /** Absent in a store of before merges, opened to be read only. */
  origin?: string | null;
}

/** SHA-256 over the canonical JSON of the entry without its hash. */
export function entryHash(entry: Omit<RecordEntry, "hash">): string {
  const { no, at, readerId, action, object, before, after, commandId, prevHash, origin } = entry;
  const hashed = {
    ...{ no, at, readerId, action, object, before, after, commandId, prevHash },
    ...(origin && { origin }),
  };
  return createHash("sha256").update(canonicalJson(hashed)).digest("hex");
}

/** The append-only history of everything that changed, each entry carrying the hash of the one before. */
export class AuditRecord {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Inside the transaction that makes the change. */
  append(entry: NewEntry): RecordEntry {
    const tip = this.tip();
    const unhashed = {
      ...entry,
      no: tip.no + 1,
      at: new Date().toISOString(),
      // as it will be read back: what JSON drops must not be hashed
      before: plain(entry.before),
      after: plain(entry.after),
      prevHash: tip.hash,
    };
    const whole = { ...unhashed, hash: entryHash(unhashed) };
    this.restore(whole);
    return whole;
  }

  /** Inside a transaction: an entry of another copy, with the time it was made there. */
  adopt(entry: NewEntry, at: string, origin: EntryOrigin): RecordEntry {
    const tip = this.tip();
    const before = plain(entry.before);
    const after = plain(entry.after);
    const unhashed = { ...entry, no: tip.no + 1, at, before, after, prevHash: tip.hash, origin };
    const whole = { ...unhashed, hash: entryHash(unhashed) };
    this.restore(whole);
    return whole;
  }

  /** An entry that was made before: from the log, into a copy that does not have it yet. */
  restore(whole: RecordEntry): void {
    this.#connection.run(
      `INSERT INTO record (no, at, reader, action, object, before, after, command_id, prev_hash, hash, origin)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      whole.no,
      whole.at,
      whole.readerId,
      whole.action,
      whole.object,
      JSON.stringify(whole.before),
      JSON.stringify(whole.after),
      whole.commandId,
      whole.prevHash,
      whole.hash,
      whole.origin ? JSON.stringify(whole.origin) : null,
    );
  }

  tip(): { no: number; hash: string; at: string } {
    return (
      this.#connection.get<{ no: number; hash: string; at: string }>(
        "SELECT no, hash, at FROM record ORDER BY no DESC LIMIT 1",
      ) ?? { no: 0, hash: firstHash, at: "" }
    );
  }

  byCommand(id: CommandId): { no: number; at: string } | undefined {
    return this.#connection.get<{ no: number; at: string }>(
      "SELECT no, at FROM record WHERE command_id = ?",
      id,
    );
  }

  byNo(no: number): RecordEntry | null {
    const row = this.#connection.get<RecordRow>("SELECT * FROM record WHERE no = ?", no);
    return row ? toEntry(row) : null;
  }

  /** Entries of some kinds, oldest first. */
  byActions(actions: readonly string[]): RecordEntry[] {
    return this.#connection
      .all<RecordRow>(
        "SELECT * FROM record WHERE action IN (SELECT value FROM json_each(?)) ORDER BY no",
        JSON.stringify(actions),
      )
      .map(toEntry);
  }

  page(from: number, limit: number): RecordEntry[] {
    return this.#connection
      .all<RecordRow>("SELECT * FROM record WHERE no >= ? ORDER BY no LIMIT ?", from, limit)
      .map(toEntry);
  }

  /** Every entry from `from` on, without holding them all. */
  *all(from = 1): Generator<RecordEntry> {
    for (const row of this.#connection.iterate<RecordRow>(
      "SELECT * FROM record WHERE no >= ? ORDER BY no",
      from,
    ))
      yield toEntry(row);
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

function toEntry(row: RecordRow): RecordEntry {
  return {
    no: row.no,
    at: row.at,
    readerId: row.reader,
    action: row.action,
    object: row.object,
    before: JSON.parse(row.before),
    after: JSON.parse(row.after),
    commandId: row.command_id,
    prevHash: row.prev_hash,
    hash: row.hash,
    ...(row.origin ? { origin: JSON.parse(row.origin) as EntryOrigin } : {}), // written by restore
  };
}
