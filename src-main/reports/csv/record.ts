import type { RecordEntry } from "../../../shared/domain/command.ts";
import type { Table } from "./table.ts";

/** The record, entry by entry; `before` and `after` are JSON. */
export const recordTable: Table<RecordEntry> = {
  columns: [
    "record_no",
    "at",
    "reviewer",
    "action",
    "object",
    "before",
    "after",
    "prev_hash",
    "hash",
  ],
  cells: (entry) => [
    entry.no,
    entry.at,
    entry.readerId,
    entry.action,
    entry.object,
    json(entry.before),
    json(entry.after),
    entry.prevHash,
    entry.hash,
  ],
};

function json(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
