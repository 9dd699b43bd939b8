import { z } from "zod";
import type { Reader } from "../../shared/contract/library.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import type { Connection } from "./connection.ts";
import type { AuditRecord } from "./record.ts";

const addedSchema = z.strictObject({ name: z.string(), initials: z.string() });

/** Who takes part in an audit. Joining is an entry of the record; nobody ever leaves it. */
export class Readers {
  readonly #connection: Connection;
  readonly #record: AuditRecord;

  constructor(connection: Connection, record: AuditRecord) {
    this.#connection = connection;
    this.#record = record;
  }

  /** The entry made, or null when the reader had joined under the same name before. */
  add(reader: Reader): RecordEntry | null {
    return this.#connection.transaction(() => {
      const { id, name, initials } = reader;
      const known = this.all().find((other) => other.id === id);
      if (known && known.name === name && known.initials === initials) return null;
      const entry = this.#record.append({
        readerId: id,
        action: "reader.add",
        object: `reader/${id}`,
        before: known ? { name: known.name, initials: known.initials } : null,
        after: { name, initials },
        commandId: null,
      });
      this.replay(entry);
      return entry;
    });
  }

  all(): Reader[] {
    return this.#connection
      .all<Reader>("SELECT id, name, initials FROM reader ORDER BY record_no")
      .map((reader) => ({ ...reader }));
  }

  has(id: ReaderId): boolean {
    return this.#connection.get("SELECT 1 FROM reader WHERE id = ?", id) !== undefined;
  }

  replay(entry: RecordEntry): void {
    const { name, initials } = addedSchema.parse(entry.after);
    this.#connection.run(
      `INSERT INTO reader (id, name, initials, record_no) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, initials = excluded.initials`,
      entry.readerId,
      name,
      initials,
      entry.no,
    );
  }

  clear(): void {
    this.#connection.run("DELETE FROM reader");
  }
}
