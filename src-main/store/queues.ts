import type { Queue } from "../../shared/contract/audits.ts";
import type { QueueRule } from "../../shared/domain/command.ts";
import type { ItemNo, QueueId } from "../../shared/domain/ids.ts";
import type { Connection } from "./connection.ts";

/** Ordered lists of items to read, oldest first. An item is read once anyone has judged it. */
export class Queues {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  all(): Queue[] {
    const rows = this.#connection.all<{ id: QueueId; name: string; rule: string; read: number }>(
      `SELECT id, name, rule, (SELECT count(*) FROM queue_item WHERE queue_item.queue = queue.id AND EXISTS
         (SELECT 1 FROM judgement WHERE judgement.item = queue_item.item AND verdict IS NOT NULL)) AS read
       FROM queue ORDER BY record_no`,
    );
    return rows.map(({ id, name, rule, read }) => ({
      id,
      name,
      rule: JSON.parse(rule) as QueueRule, // written by Cells
      items: this.items(id),
      read,
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
}
