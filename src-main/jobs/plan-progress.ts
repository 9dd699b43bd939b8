import type { Queue } from "../../shared/contract/audits.ts";
import type { QueueProgress } from "../../shared/contract/plans.ts";
import type { ItemNo, QueueId, ReaderId } from "../../shared/domain/ids.ts";
import {
  firstReaderOf,
  planInForce,
  queueRoles,
  planOfQueue,
  roleOfQueue,
  secondReaderOf,
  secondsPerReading,
  type Plan,
  type QueueRole,
} from "../../shared/domain/plan.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import type { Reading } from "../store/plan-readings.ts";

/** Readings that a pace is taken from; before them six seconds each are assumed. */
const paceFrom = 10;

/** How far each queue is, by reader and class (RX-62): of the plan in force, else of every queue. */
export function planProgress(store: AuditReader): QueueProgress[] {
  const plan = planInForce(store.plans());
  const queues = store.queues().filter(({ isReplaced }) => !isReplaced);
  const sample = plan?.sample.queue ?? queues.find(({ rule }) => rule.kind === "random")?.id;
  const readings = sample ? store.sampleReadings(sample) : [];
  const pace = paceOf(readings);
  const made = queues.map((queue) => {
    const role = plan ? roleOfQueue(plan, queue.id) : null;
    const read = readBy(store, queue, role ?? queue.rule.kind, readings);
    return {
      queue: queue.id,
      name: queue.name,
      role: role ?? queue.rule.kind,
      of: queue.items.length,
      read: read.size,
      secondsLeft: Math.round((queue.items.length - read.size) * pace),
      readers:
        plan && role ? readersOf(plan, role, queue.items, read, readings) : unassigned(read, queue),
      classes: classesOf(store, queue.items, read),
    };
  });
  return made.toSorted((a, b) => queueRoles.indexOf(a.role) - queueRoles.indexOf(b.role));
}

/** What `reader` is to read in a queue of a plan, with what they have read in it; of a search, what anyone has read. */
export function worklistOf(
  store: AuditReader,
  queue: QueueId,
  reader: ReaderId,
): { readonly items: ItemNo[]; readonly read: ItemNo[] } {
  const plan = planOfQueue(store.plans(), queue);
  const role = plan && roleOfQueue(plan, queue);
  if (!plan || !role) return fail("plan/none", { queue });
  const items = store.queues().find(({ id }) => id === queue)?.items ?? [];
  if (role === "suspects" || role === "filter") return { items, read: store.readItems(queue) };
  const readings = store.sampleReadings(plan.sample.queue);
  const dueTo = assignment(plan, role, readings);
  const own = new Set(
    readings.filter((one) => one.reader === reader && one.role === role).map(({ item }) => item),
  );
  const readEarlier = new Set(
    readings.filter((one) => one.reader === reader && one.role !== role).map(({ item }) => item),
  );
  const mine = items.filter((item, position) => {
    if (own.has(item)) return true;
    const due = dueTo(item, position);
    if (due !== null) return due === reader;
    return role === "random" || !readEarlier.has(item);
  });
  return { items: mine, read: mine.filter((item) => own.has(item)) };
}

/** Who is to read an item of a queue; null: whoever comes, of second readings anyone but the first reader. */
function assignment(
  plan: Plan,
  role: QueueRole,
  readings: readonly Reading[],
): (item: ItemNo, position: number) => ReaderId | null {
  const { reading } = plan;
  if (role === "random") return (_, position) => firstReaderOf(reading, position);
  if (role !== "second") return () => null;
  const firstOf = new Map(
    readings.filter((one) => one.role === "random").map(({ item, reader }) => [item, reader]),
  );
  return (item, position) => secondReaderOf(reading, position, firstOf.get(item) ?? null);
}

/** Who read each item of a queue that is read. */
function readBy(
  store: AuditReader,
  queue: Queue,
  role: QueueRole,
  readings: readonly Reading[],
): ReadonlyMap<ItemNo, ReaderId | null> {
  if (role === "suspects" || role === "filter")
    return new Map(store.readItems(queue.id).map((item) => [item, null]));
  const own = readings.filter((one) => one.role === role);
  const listed = new Set(queue.items);
  return new Map(
    own.filter(({ item }) => listed.has(item)).map(({ item, reader }) => [item, reader]),
  );
}

function readersOf(
  plan: Plan,
  role: QueueRole,
  items: readonly ItemNo[],
  read: ReadonlyMap<ItemNo, ReaderId | null>,
  readings: readonly Reading[],
): QueueProgress["readers"] {
  const dueTo = assignment(plan, role, readings);
  const counts = new Map<ReaderId | null, { of: number; read: number }>();
  items.forEach((item, position) => {
    const isRead = read.has(item);
    const reader = dueTo(item, position) ?? read.get(item) ?? null;
    const count = counts.get(reader) ?? { of: 0, read: 0 };
    counts.set(reader, { of: count.of + 1, read: count.read + Number(isRead) });
  });
  return [...counts].map(([reader, count]) => ({ reader, ...count }));
}

function unassigned(
  read: ReadonlyMap<ItemNo, ReaderId | null>,
  { items }: Queue,
): QueueProgress["readers"] {
  const counts = new Map<ReaderId | null, number>();
  for (const item of items) {
    const reader = read.get(item) ?? null;
    counts.set(reader, (counts.get(reader) ?? 0) + 1);
  }
  const known = [...counts].filter(([reader]) => reader !== null);
  return known.map(([reader, n]) => ({ reader, of: n, read: n }));
}

function classesOf(
  store: AuditReader,
  items: readonly ItemNo[],
  read: ReadonlyMap<ItemNo, unknown>,
): QueueProgress["classes"] {
  const counts = new Map<string, { of: number; read: number }>();
  for (const { no, label } of store.items(items)) {
    const count = counts.get(label ?? "") ?? { of: 0, read: 0 };
    counts.set(label ?? "", { of: count.of + 1, read: count.read + Number(read.has(no)) });
  }
  return [...counts]
    .map(([name, count]) => ({ name, ...count }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Mean seconds of a reading so far. */
function paceOf(readings: readonly Reading[]): number {
  const timed = readings.filter(({ seconds }) => seconds > 0);
  if (timed.length < paceFrom) return secondsPerReading;
  return timed.reduce((sum, { seconds }) => sum + seconds, 0) / timed.length;
}
