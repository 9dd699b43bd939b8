import type { AuditDatabase, CachedColumn } from "./database.ts";

/**
 * Bytes of the columns of the last session, under their ETag: an audit reopens without asking for them again. A cache,
 * so every failure reads as "not there".
 */
export class ColumnCache {
  readonly #database: AuditDatabase;

  constructor(database: AuditDatabase) {
    this.#database = database;
  }

  async get(key: string): Promise<CachedColumn | null> {
    const row = await this.#database.columns.get(this.#database.own(key)).catch(() => undefined);
    return row && row.bytes instanceof ArrayBuffer ? row : null;
  }

  async put(column: CachedColumn): Promise<void> {
    await this.#database.columns
      .put({ ...column, key: this.#database.own(column.key) })
      .catch(() => undefined);
  }
}
