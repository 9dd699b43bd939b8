import { Dexie, type Table } from "dexie";
import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";

/**
 * What the window keeps of one audit, in a database of its own: commands on their way to the store, drafts, where the
 * person was, and a cache of columns; each row is one reader's, for several may work at this computer. It is the safety net in front of the store and never the only copy of an
 * acknowledged judgement. Rows are `unknown` until a schema has parsed them: another version may have written them.
 */
export class AuditDatabase extends Dexie {
  readonly outbox!: Table<OutboxRow, number>; // set by Dexie from `stores`
  readonly drafts!: Table<KeptRow, string>; // set by Dexie from `stores`
  readonly places!: Table<KeptRow, string>; // set by Dexie from `stores`
  readonly columns!: Table<CachedColumn, string>; // set by Dexie from `stores`

  readonly readerId: ReaderId | null;

  constructor(auditId: AuditId, readerId: ReaderId | null = null) {
    super(`hansight-${auditId}`);
    this.readerId = readerId;
    this.version(1).stores({ outbox: "++seq,&id", drafts: "key", places: "key", columns: "key" });
  }

  /** The key of a row as this reader's own. */
  own(key: string): string {
    return this.readerId === null ? key : `${this.readerId}/${key}`;
  }
}

export interface OutboxRow {
  readonly seq?: number;
  readonly id: string;
  readonly command: unknown;
  /** Why the store will never take it; such a row waits for a person, the rows behind it do not. */
  readonly refusal: unknown;
}

export interface KeptRow {
  readonly key: string;
  readonly value: unknown;
}

export interface CachedColumn {
  readonly key: string;
  readonly etag: string;
  readonly shape: string;
  readonly bytes: ArrayBuffer;
}
