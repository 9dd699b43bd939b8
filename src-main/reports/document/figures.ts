import type { Queue } from "../../../shared/contract/audits.ts";
import type { ItemNo } from "../../../shared/domain/ids.ts";
import { quadrantOf } from "../../../shared/domain/quadrant.ts";
import type { Judgement, Quadrant } from "../../../shared/domain/review.ts";
import type { Count } from "../../../shared/statistics/proportion.ts";
import type { ReportData, ReportItem } from "../report-data.ts";

/** Where an item stands: one of the four quadrants, or in none. */
export const places = ["right-on", "right-off", "wrong-on", "wrong-off", "unplaced"] as const;
export type Place = (typeof places)[number];
export type PlaceCounts = Readonly<Record<Place, number>>;

/** The random sample, as far as it has been read. */
export interface RandomSample {
  readonly queue: Queue;
  readonly seed: number;
  readonly listSha256: string;
  /** Items of the sample that were judged, each with the verdict that counts. */
  readonly read: readonly { readonly item: ReportItem; readonly judgement: Judgement }[];
  readonly counts: PlaceCounts;
}

/** The numbers that several sections share, counted once. */
export interface Figures {
  readonly accuracy: Count;
  /** Over all items: judged where somebody judged, else predicted by the metrics. */
  readonly judged: PlaceCounts;
  readonly predicted: PlaceCounts;
  readonly sample: RandomSample | null;
  readonly verdictOf: ReadonlyMap<ItemNo, Judgement>;
}

export function figuresOf(data: ReportData): Figures {
  const verdictOf = new Map<ItemNo, Judgement>();
  for (const item of data.items) {
    const counts = countingJudgement(item, data);
    if (counts) verdictOf.set(item.no, counts);
  }
  const judged = zeros();
  const predicted = zeros();
  for (const item of data.items)
    (verdictOf.has(item.no) ? judged : predicted)[placeOf(item.quadrant)] += 1;
  const answered = data.items.filter(({ correct }) => correct !== null);
  return {
    accuracy: { k: answered.filter(({ correct }) => correct).length, n: answered.length },
    judged,
    predicted,
    sample: sampleOf(data, verdictOf),
    verdictOf,
  };
}

/** The newest verdict on the item that was given on this run's map, or on none. */
function countingJudgement(item: ReportItem, { run }: ReportData): Judgement | null {
  const own = item.judgements.filter(
    (one) => one.verdict !== null && (one.run === null || one.run === run?.id),
  );
  return own.toSorted((a, b) => b.recordNo - a.recordNo)[0] ?? null;
}

/** The random sample of the plan in force; of several without a plan the one that was read furthest. */
function sampleOf(
  { audit, items, readings }: ReportData,
  verdictOf: ReadonlyMap<ItemNo, Judgement>,
): RandomSample | null {
  const byNo = new Map(items.map((item) => [item.no, item]));
  let best: RandomSample | null = null;
  for (const queue of audit.queues) {
    const { rule } = queue;
    if (rule.kind !== "random" || queue.isReplaced) continue;
    const read = (readings[queue.id] ?? []).flatMap((no) => {
      const [item, judgement] = [byNo.get(no), verdictOf.get(no)];
      return item && judgement ? [{ item, judgement }] : [];
    });
    if (best && best.read.length >= read.length) continue;
    const counts = zeros();
    for (const { item, judgement } of read)
      counts[placeOf(quadrantOf(item.correct, judgement.verdict, "unjudged"))] += 1;
    best = { queue, seed: rule.seed, listSha256: rule.listSha256, read, counts };
  }
  return best;
}

export function placeOf(quadrant: Quadrant): Place {
  return quadrant === "unjudged" ? "unplaced" : quadrant;
}

function zeros(): Record<Place, number> {
  return { "right-on": 0, "right-off": 0, "wrong-on": 0, "wrong-off": 0, unplaced: 0 };
}
