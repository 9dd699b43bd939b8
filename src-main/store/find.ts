import type { ItemNo } from "../../shared/domain/ids.ts";
import type { Connection } from "./connection.ts";

/** Items whose path, comments, facets or findings contain every one of `words`, whatever their case. */
export function findItems(connection: Connection, words: string): ItemNo[] {
  const patterns = words
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => `%${word.replaceAll(/[\\%_]/g, "\\$&")}%`);
  if (patterns.length === 0) return [];
  const one = `SELECT no FROM item WHERE path LIKE ? ESCAPE '\\'
    UNION SELECT item FROM judgement WHERE comment LIKE ? ESCAPE '\\'
    UNION SELECT item FROM item_facet WHERE value IN (SELECT id FROM facet_value WHERE text LIKE ? ESCAPE '\\')
    UNION SELECT item FROM finding_item JOIN finding ON finding.id = finding_item.finding
      WHERE title || ' ' || statement LIKE ? ESCAPE '\\'`;
  const all = patterns.map(() => `SELECT * FROM (${one})`).join(" INTERSECT ");
  return connection
    .tuples<[number]>(
      `${all} ORDER BY 1`,
      ...patterns.flatMap((pattern) => [pattern, pattern, pattern, pattern]),
    )
    .map(([no]) => no);
}
