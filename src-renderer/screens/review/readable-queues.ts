import type { Queue } from "../../../shared/contract/audits.ts";
import { queueRoles } from "../../../shared/domain/plan.ts";

/**
 * The queues there are to read, in the order to read them: the sample first, then what depends on it, then searches. Left
 * out are those that a later plan replaced and those with nothing in them yet.
 */
export function readableQueues(queues: readonly Queue[]): Queue[] {
  return queues
    .filter(({ items, isReplaced }) => items.length > 0 && !isReplaced)
    .toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** Whether only a verdict given in the queue makes an item of it read (RX-61). */
export function isSampled(queue: Queue | null): boolean {
  return queue !== null && ["random", "second", "adjudication"].includes(queue.rule.kind);
}

/** Without a plan suspects come first, as the run made them; the sample is what a plan asks for. */
function placeOf({ plan, rule }: Queue): number {
  return plan === undefined ? queueRoles.length : queueRoles.indexOf(rule.kind);
}
