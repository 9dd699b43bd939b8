import { randomUUID } from "node:crypto";
import type { Run } from "../../shared/contract/audits.ts";
import type { ItemNo, QueueId, RunId } from "../../shared/domain/ids.ts";
import type { Assessment } from "../../shared/domain/item.ts";
import type { NaCause } from "../../shared/domain/metrics.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { shuffled } from "../../shared/statistics/sample.ts";
import type { AuditStore } from "../store/audit-store.ts";
import { explain } from "../suspicion/explain.ts";
import { predictFocus } from "../suspicion/focus.ts";
import { rankSuspects } from "../suspicion/rank.ts";
import { scoreItem } from "../suspicion/score.ts";
import { listHash } from "./list-hash.ts";
import { suspectItems } from "./suspect-items.ts";

const suspectsSize = 60;
/** Items assessed in one transaction: some ten milliseconds of the host's time. */
const chunkSize = 200;
/** Items in the random sample where the audit has more: ±5 % at a rate of one half. */
const randomSize = 385;

/**
 * The end of a run: the range of its raw values, the weak-map limit, suspicion of every item, and its two queues. Made
 * again it gives the same values, and no second pair of queues. Between chunks the host answers others.
 */
export async function finishRun(store: AuditStore, runId: RunId): Promise<void> {
  const run = store.measureRun(runId);
  const ranked = await assessRun(store, run);
  const suspects = rankSuspects(ranked);
  const order = suspects.length > 0 ? "suspicion" : "attention";
  const attended = ranked.map(({ no, attention }) => ({ no, score: attention }));
  const chosen = order === "suspicion" ? suspects : rankSuspects(attended);
  makeQueues(store, run, chosen.slice(0, suspectsSize), order);
  store.finishRun(runId);
}

/** What suspicion makes of every item of a run, chunk by chunk; the scores, in item order. */
export async function assessRun(
  store: AuditStore,
  run: Run,
): Promise<{ no: ItemNo; score: number | NaCause; attention: number | null }[]> {
  const runId = run.id;
  const ranked: { no: ItemNo; score: number | NaCause; attention: number | null }[] = [];
  let chunk: Assessment[] = [];
  for (const { no, item } of suspectItems(store, runId)) {
    const scored = scoreItem(item, run);
    ranked.push({ no, score: scored.score, attention: scored.attention });
    chunk.push({
      item: no,
      measures: { suspicion: scored.score },
      evidenceLevel: scored.level,
      why: explain(item, scored, store.readMap(runId, no)),
      predictedFocus: predictFocus(item, scored),
    });
    if (chunk.length < chunkSize) continue;
    store.setAssessments(runId, chunk);
    chunk = [];
    await new Promise((resolve) => setImmediate(resolve));
  }
  store.setAssessments(runId, chunk);
  return ranked;
}

/** *Suspects 60* of the run, and one *Random sample* per audit: its seed and the hash of its list are in the record. */
function makeQueues(
  store: AuditStore,
  run: Run,
  ranked: readonly ItemNo[],
  order: "suspicion" | "attention",
): void {
  const queues = store.queues();
  const isMade = queues.some(({ rule }) => rule.kind === "suspects" && rule.run === run.id);
  if (!isMade && ranked.length > 0) {
    store.createQueue({
      id: newQueueId(),
      name: message(order === "attention" ? "jobs.queue.attention" : "jobs.queue.suspects", {
        n: suspectsSize,
        run: run.no,
      }),
      rule: { kind: "suspects", run: run.id, size: ranked.length },
      items: ranked,
    });
  }
  if (queues.some(({ rule }) => rule.kind === "random")) return;
  const count = store.itemCount();
  const items = shuffled(count, run.seed).slice(0, randomSize);
  if (items.length === 0) return;
  store.createQueue({
    id: newQueueId(),
    name: message("jobs.queue.random"),
    rule: {
      kind: "random",
      seed: run.seed,
      size: items.length,
      listSha256: listHash(store, items),
    },
    items,
  });
}

function newQueueId(): QueueId {
  return randomUUID() as QueueId; // the one place that makes them for runs
}
