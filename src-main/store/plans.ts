import type { CommandId, ItemNo, QueueId, ReaderId } from "../../shared/domain/ids.ts";
import type { Plan } from "../../shared/domain/plan.ts";
import type { Connection } from "./connection.ts";
import { disagreements, readingsOf, type Reading } from "./plan-readings.ts";

/** A plan with the entry that froze it. */
export interface FrozenPlan extends Plan {
  readonly recordNo: number;
  readonly at: string;
  readonly readerId: ReaderId | null;
  readonly commandId: CommandId | null;
}

/** Frozen plans, and the two queues that grow with the readings: second readings of Spurious items, and adjudication. */
export class Plans {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Oldest first, numbered from 1 in the order they were frozen. */
  all(): FrozenPlan[] {
    return this.#connection
      .all<{
        no: number;
        value: string;
        at: string;
        reader: ReaderId | null;
        command: CommandId | null;
      }>(
        "SELECT record_no AS no, value, at, reader, command_id AS command FROM plan JOIN record ON record.no = plan.record_no ORDER BY 1",
      )
      .map(({ no, value, at, reader, command }, i) => ({
        ...(JSON.parse(value) as Plan), // written by showPlanCell
        no: i + 1,
        recordNo: no,
        at,
        readerId: reader,
        commandId: command,
      }));
  }

  count(): number {
    return this.#connection.get<{ n: number }>("SELECT count(*) AS n FROM plan")?.n ?? 0;
  }

  /** Readings of the random sample in this queue, with second readings and adjudications. */
  readings(sample: QueueId): Reading[] {
    return readingsOf(this.#connection, sample);
  }

  /**
   * Brings the growing queues of the plan in force up to date after verdicts changed; returns those that changed. What they
   * hold follows from the record alone, so a rebuild gives the same.
   */
  refresh(): QueueId[] {
    const plan = this.all().at(-1);
    if (!plan) return [];
    const { secondReading, adjudication } = plan.reading;
    if (!secondReading?.allSpurious && !adjudication) return [];
    const readings = this.readings(plan.sample.queue);
    const changed: QueueId[] = [];
    if (secondReading?.allSpurious) {
      const spurious = readings.filter(
        ({ role, verdict }) => role === "random" && verdict === "spurious",
      );
      const items = spurious.map(({ item }) => item);
      if (this.#extend(secondReading.queue, secondReading.size, items))
        changed.push(secondReading.queue);
    }
    if (adjudication && this.#extend(adjudication, 0, disagreements(readings)))
      changed.push(adjudication);
    return changed;
  }

  /** Rows of a queue behind its first `fixed` become these items, less those it has already; whether anything changed. */
  #extend(queue: QueueId, fixed: number, items: readonly ItemNo[]): boolean {
    const held = this.#connection
      .tuples<[number]>("SELECT item FROM queue_item WHERE queue = ? ORDER BY position", queue)
      .map(([item]) => item);
    const first = new Set(held.slice(0, fixed));
    const wanted = [...new Set(items)].filter((item) => !first.has(item));
    if (held.slice(fixed).join() === wanted.join()) return false;
    this.#connection.run("DELETE FROM queue_item WHERE queue = ? AND position >= ?", queue, fixed);
    this.#connection.run(
      "INSERT INTO queue_item (queue, position, item) SELECT ?, key + ?, value FROM json_each(?)",
      queue,
      fixed,
      JSON.stringify(wanted),
    );
    return true;
  }
}
