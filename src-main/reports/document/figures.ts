import type { ItemNo } from "../../../shared/domain/ids.ts";
import { placedQuadrants, type Rates } from "../../../shared/domain/rates.ts";
import type { Judgement, Quadrant, Verdict } from "../../../shared/domain/review.ts";
import type { Count } from "../../../shared/statistics/proportion.ts";
import type { ReportData, ReportItem } from "../report-data.ts";

/** Where an item stands: one of the four quadrants, or in none. */
export const places = ["right-on", "right-off", "wrong-on", "wrong-off", "unplaced"] as const;
export type Place = (typeof places)[number];
export type PlaceCounts = Readonly<Record<Place, number>>;

/** The random sample that rates come from, as far as it has been read. */
export interface RandomSample {
  readonly rates: Rates;
  /** Items of the sample that were read, each with the verdict that counts and what its reader said with it. */
  readonly read: readonly {
    readonly item: ReportItem;
    readonly verdict: Verdict;
    readonly judgement: Judgement | null;
  }[];
  /** Counts in the sample, no rates: where strata were read at different shares they are weighted. */
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

/** What `rates` were made from; null where nothing was drawn. */
function sampleOf(
  { items, rates, counted }: ReportData,
  verdictOf: ReadonlyMap<ItemNo, Judgement>,
): RandomSample | null {
  if (rates.queue === null) return null;
  const byNo = new Map(items.map((item) => [item.no, item]));
  const read = counted.flatMap(([no, verdict]) => {
    const item = byNo.get(no);
    if (!item) return [];
    const given = item.judgements.filter((one) => one.verdict === verdict);
    const own = verdictOf.get(no);
    return [{ item, verdict, judgement: own?.verdict === verdict ? own : (given[0] ?? null) }];
  });
  const counts = zeros();
  for (const place of placedQuadrants) counts[place] = rates.quadrants?.[place].k ?? 0;
  counts.unplaced = rates.read - placedQuadrants.reduce((sum, place) => sum + counts[place], 0);
  return { rates, read, counts };
}

export function placeOf(quadrant: Quadrant): Place {
  return quadrant === "unjudged" ? "unplaced" : quadrant;
}

function zeros(): Record<Place, number> {
  return { "right-on": 0, "right-off": 0, "wrong-on": 0, "wrong-off": 0, unplaced: 0 };
}
