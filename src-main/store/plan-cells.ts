import type { CommandBody, PlannedQueue } from "../../shared/domain/command.ts";
import { roleOfQueue, type Plan } from "../../shared/domain/plan.ts";
import type { Connection } from "./connection.ts";

/** By the number of the entry that froze it. */
export type PlanCell = `plan/${number}`;

/** What `plan.freeze` writes beside its queues. */
export interface PlanValue {
  readonly plan: Plan;
}

type Freeze = Extract<CommandBody, { kind: "plan.freeze" }>;

/** The plan's cell, then one per queue of it. */
export function planEffects(command: Freeze, no: number) {
  const queues = command.queues.map(({ queue, name, rule, items }: PlannedQueue) => ({
    cell: `queue/${queue}` as const,
    value: { name, rule, items },
  }));
  return [{ cell: `plan/${no}` as const, value: { plan: command.plan } }, ...queues];
}

/** Shows a frozen plan in its tables. */
export function showPlanCell(
  connection: Connection,
  cell: PlanCell,
  value: PlanValue | null,
): void {
  const no = Number(cell.slice("plan/".length));
  connection.run("DELETE FROM plan_queue WHERE plan = ?", no);
  connection.run("DELETE FROM plan WHERE record_no = ?", no);
  if (!value) return;
  const { plan } = value;
  connection.run(
    "INSERT INTO plan (record_no, hash, value) VALUES (?, ?, ?)",
    no,
    plan.hash,
    JSON.stringify(plan),
  );
  const { sample, reading, searches } = plan;
  const queues = [
    sample.queue,
    reading.secondReading?.queue,
    reading.adjudication,
    ...searches.map(({ queue }) => queue),
  ];
  for (const queue of queues)
    if (queue)
      connection.run(
        "INSERT INTO plan_queue (queue, plan, role, hash) VALUES (?, ?, ?, ?)",
        queue,
        no,
        roleOfQueue(plan, queue),
        plan.hash,
      );
}
