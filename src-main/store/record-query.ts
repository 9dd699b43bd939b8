import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ItemNo, ReaderId } from "../../shared/domain/ids.ts";
import type { Connection, Parameter } from "./connection.ts";
import type { AuditRecord } from "./record.ts";

/** Which entries of the record are wanted; what is null does not matter. */
export interface RecordFilter {
  /** `audit`: those that no person made. */
  readonly reader: ReaderId | "audit" | null;
  readonly action: string | null;
  readonly item: ItemNo | null;
  /** Moments as the record writes them, ISO 8601 in UTC; `to` is not included. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Entries that fit, newest first: how many, and `limit` of them from place `offset` on. */
export function findEntries(
  { connection, record }: { readonly connection: Connection; readonly record: AuditRecord },
  filter: RecordFilter,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): { readonly total: number; readonly entries: RecordEntry[] } {
  const { where, parameters } = conditionsOf(filter);
  const total = connection.get<{ n: number }>(
    `SELECT count(*) AS n FROM record ${where}`,
    ...parameters,
  );
  const nos = connection.all<{ no: number }>(
    `SELECT no FROM record ${where} ORDER BY no DESC LIMIT ? OFFSET ?`,
    ...parameters,
    limit,
    offset,
  );
  return {
    total: total?.n ?? 0,
    entries: nos.flatMap(({ no }) => record.byNo(no) ?? []),
  };
}

/** Actions that the record holds, most frequent first. */
export function recordActions(connection: Connection): string[] {
  return connection
    .all<{ action: string }>(
      "SELECT action FROM record GROUP BY action ORDER BY count(*) DESC, action",
    )
    .map(({ action }) => action);
}

function conditionsOf({ reader, action, item, from, to }: RecordFilter) {
  const conditions: string[] = [];
  const parameters: Parameter[] = [];
  const add = (condition: string, ...values: Parameter[]) => {
    conditions.push(condition);
    parameters.push(...values);
  };
  if (reader === "audit") add("reader IS NULL");
  else if (reader !== null) add("reader = ?", reader);
  if (action !== null) add("action = ?", action);
  if (item !== null) add(aboutItem, `item/${item}`, item, item, item);
  if (from !== null) add("at >= ?", from);
  if (to !== null) add("at < ?", to);
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  return { where, parameters };
}

/** An entry about one item, about several with it among them, or about a region on it. */
const aboutItem = `(object = ?
  OR (object LIKE 'items/%' AND EXISTS (SELECT 1 FROM json_each(after, '$.items') WHERE value = ?))
  OR (object LIKE 'region/%' AND (after ->> '$.item' = ?
    OR EXISTS (SELECT 1 FROM json_each(before) WHERE value ->> '$.item' = ?))))`;
