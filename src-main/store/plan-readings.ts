import type { ItemNo, QueueId, ReaderId } from "../../shared/domain/ids.ts";
import type { QueueRole } from "../../shared/domain/plan.ts";
import type { Verdict } from "../../shared/domain/review.ts";
import type { Connection } from "./connection.ts";

/** What one reader last said of one item with a queue of the sample on screen, and still says. */
export interface Reading {
  readonly item: ItemNo;
  readonly reader: ReaderId;
  readonly verdict: Verdict;
  readonly role: Extract<QueueRole, "random" | "second" | "adjudication">;
  /** The entry of the first verdict in the sample: who came first. */
  readonly firstNo: number;
  readonly recordNo: number;
  readonly seconds: number;
}

interface ReadingRow {
  item: number;
  reader: ReaderId;
  verdict: Verdict;
  role: Reading["role"];
  no: number;
  seconds: number;
}

/**
 * Readings of the items of a random sample: verdicts that stand, were given in the sample's queue, its second reading or its
 * adjudication, and under an equal plan hash (RX-61). A verdict given elsewhere is none, and where the same person judged
 * again outside the sample, what was said in it counts. Who read an item first cannot read it a second time: a later verdict
 * in the second queue only replaces the first. In the order of the sample, then of the record.
 */
export function readingsOf(connection: Connection, sample: QueueId): Reading[] {
  const rows = connection.iterate<ReadingRow>(
    `WITH own (queue, role) AS (
       SELECT ?1, 'random'
       UNION SELECT other.queue, other.role FROM plan_queue AS mine JOIN plan_queue AS other ON other.hash = mine.hash
         WHERE mine.queue = ?1 AND other.role IN ('random', 'second', 'adjudication'))
     SELECT queue_item.item, judgement.reader, change.value ->> 'verdict' AS verdict, own.role, change.no,
       coalesce(record.after -> 'view' ->> 'seconds', 0) AS seconds
     FROM queue_item JOIN judgement ON judgement.item = queue_item.item AND judgement.verdict IS NOT NULL
     JOIN change ON change.cell = 'verdict/' || queue_item.item || '/' || judgement.reader AND change.undone = 0
     JOIN record ON record.no = change.value ->> 'viewNo'
     JOIN own ON own.queue = record.after -> 'view' ->> 'queue'
     WHERE queue_item.queue = ?1 AND change.value ->> 'verdict' IS NOT NULL
     ORDER BY queue_item.position, change.no`,
    sample,
  );
  const readings = new Map<string, Reading>();
  for (const { item, reader, verdict, role, no, seconds } of rows) {
    const key = `${item}/${reader}`;
    const before = readings.get(key);
    readings.set(key, {
      item,
      reader,
      verdict,
      role: before && role !== "adjudication" ? before.role : role,
      firstNo: before?.firstNo ?? no,
      recordNo: no,
      seconds,
    });
  }
  return [...readings.values()];
}

/** Items whose readers disagree, an adjudication left out; in the order given. */
export function disagreements(readings: readonly Reading[]): ItemNo[] {
  const byItem = Map.groupBy(
    readings.filter(({ role }) => role !== "adjudication"),
    ({ item }) => item,
  );
  return [...byItem]
    .filter(([, own]) => new Set(own.map(({ verdict }) => verdict)).size > 1)
    .map(([item]) => item);
}
