import type { Queue } from "../../../shared/contract/audits.ts";
import type { QueueId } from "../../../shared/domain/ids.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import { readableQueues } from "./readable-queues.ts";

/** The first queue, other than `except`, in which this reader has something left to read; null where there is none. */
export async function nextOwnQueue(
  { api, id: auditId, queues, reader }: AuditState,
  except: QueueId | null,
): Promise<Queue | null> {
  for (const queue of readableQueues(queues)) {
    if (queue.id === except || queue.read >= queue.items.length) continue;
    if (queue.plan === undefined) return queue;
    const own = await api.plans
      .worklist({ auditId, queue: queue.id, readerId: reader.id })
      .catch(() => null); // then the whole queue is anybody's
    if (own === null || own.read.length < own.items.length) return queue;
  }
  return null;
}
