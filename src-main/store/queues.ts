import type { Queue } from "../../shared/contract/audits.ts";
import type { QueueRule } from "../../shared/domain/command.ts";
import type { ItemNo, QueueId } from "../../shared/domain/ids.ts";
import type { Connection } from "./connection.ts";

/**
 * Ordered lists of items to read, oldest first. In a random sample, its second reading and its adjudication an item is read
 * once somebody judged it *in that queue*: a verdict given among the suspects never enters a rate (RX-61). In any other queue
 * it is read once anyone judged it.
 */
export class Queues {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  all(): Queue[] {
    const rows = this.#connection.all<{ id: QueueId; name: string; rule: string }>(
      "SELECT id, name, rule FROM queue ORDER BY record_no, rowid",
    );
    const plans = this.#plans();
    return rows.map(({ id, name, rule: text }) => {
      const rule = JSON.parse(text) as QueueRule; // written by Cells
      const plan = plans.of.get(id);
      // A frozen plan takes the place of the queues of its kinds that a run made, and of the plan before it.
      const isReplaced = plan ? plan.no < plans.count : plans.rolesInForce.has(rule.kind);
      return {
        id,
        name,
        rule,
        items: this.items(id),
        read: this.readItems(id).length,
        ...(plan && { plan: plan.no }),
        ...(isReplaced && { isReplaced }),
      };
    });
  }

  /** Which plan each queue belongs to, how many plans there are, and what the queues of the last one are for. */
  #plans() {
    const rows = this.#connection.all<{ queue: QueueId; role: string; no: number }>(
      `SELECT queue, role, no FROM plan_queue JOIN
         (SELECT record_no, row_number() OVER (ORDER BY record_no) AS no FROM plan) ON record_no = plan ORDER BY no`,
    );
    const count = rows.at(-1)?.no ?? 0;
    return {
      of: new Map(rows.map(({ queue, no }) => [queue, { no }])),
      count,
      // a filter that somebody made is no queue of a run
      rolesInForce: new Set(
        rows.filter(({ no, role }) => no === count && role !== "filter").map(({ role }) => role),
      ),
    };
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
    const inQueue = sampledKinds.includes(kind ?? "") ? `AND ${judgedInQueue}` : "";
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

/** Kinds of queues whose items are read only by verdicts given in them. */
export const sampledKinds: readonly string[] = [
  "random",
  "second",
  "adjudication",
] satisfies QueueRule["kind"][];

/**
 * SQL over `queue_item`: whether a verdict that stands, or stood before a later one, was given with this queue on
 * screen, or with the same one of a plan with an equal hash.
 */
export const judgedInQueue = `EXISTS (SELECT 1 FROM change JOIN record ON record.no = change.value ->> 'viewNo'
  WHERE change.cell >= 'verdict/' || queue_item.item || '/' AND change.cell < 'verdict/' || queue_item.item || '0'
    AND change.undone = 0 AND record.after -> 'view' ->> 'queue' IN (SELECT queue_item.queue UNION ALL
      SELECT other.queue FROM plan_queue AS own JOIN plan_queue AS other
        ON other.hash = own.hash AND other.role = own.role WHERE own.queue = queue_item.queue))`;
