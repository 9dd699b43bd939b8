import type { Queue } from "../../shared/contract/audits.ts";
import type { QueueRule } from "../../shared/domain/command.ts";
import type { ItemNo, QueueId } from "../../shared/domain/ids.ts";
import type { Connection } from "./connection.ts";

/**
 * Ordered lists of items to read, oldest first. In a random sample an item is read once somebody judged it *in that queue*:
 * a verdict given among the suspects never enters a rate (RX-61). In any other queue it is read once anyone judged it.
 */
export class Queues {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  all(): Queue[] {
    const rows = this.#connection.all<{ id: QueueId; name: string; rule: string }>(
      "SELECT id, name, rule FROM queue ORDER BY record_no",
    );
    return rows.map(({ id, name, rule }) => ({
      id,
      name,
      rule: JSON.parse(rule) as QueueRule, // written by Cells
      items: this.items(id),
      read: this.readItems(id).length,
    }));
  }

  ids(): { id: QueueId }[] {
    return this.#connection.all<{ id: QueueId }>("SELECT id FROM queue ORDER BY record_no");
  }

  items(id: QueueId): ItemNo[] {
    return this.#connection
      .tuples<[number]>("SELECT item FROM queue_item WHERE queue = ? ORDER BY position", id)
      .map(([item]) => item);
  }

  /** The items of a queue that have been read, in its order. */
  readItems(id: QueueId): ItemNo[] {
    const kind = this.#connection.get<{ kind: string }>(
      "SELECT rule ->> 'kind' AS kind FROM queue WHERE id = ?",
      id,
    )?.kind;
    const inQueue = kind === "random" ? `AND ${judgedInQueue}` : "";
    return this.#connection
      .tuples<[number]>(
        `SELECT item FROM queue_item WHERE queue = ? AND EXISTS
           (SELECT 1 FROM judgement WHERE judgement.item = queue_item.item AND verdict IS NOT NULL)
         ${inQueue} ORDER BY position`,
        id,
      )
      .map(([item]) => item);
  }
}

/**
 * SQL over `queue_item`: whether a verdict that stands, or stood before a later one, was given with this queue on
 * screen.
 */
export const judgedInQueue = `EXISTS (SELECT 1 FROM change JOIN record ON record.no = change.value ->> 'viewNo'
  WHERE change.cell >= 'verdict/' || queue_item.item || '/' AND change.cell < 'verdict/' || queue_item.item || '0'
    AND change.undone = 0 AND record.after -> 'view' ->> 'queue' = queue_item.queue)`;
