import { neyman, neymanFloor, proportional, proportionalFloor } from "./allocation.ts";
import { normalQuantile } from "./normal.ts";
import { sample, shuffled } from "./sample.ts";
import { secondReadingSize } from "./sample-size.ts";
import { compare, strata, type SamplingItem, type SamplingStratum } from "./strata.ts";

/** How the sample is shared among the strata; Neyman's guesses are by item id, 0..1. */
export type Allocation =
  | { readonly kind: "proportional" }
  | { readonly kind: "neyman"; readonly suspicion: ReadonlyMap<string, number> };

export interface PlannedStratum extends SamplingStratum {
  /** How many of its members are drawn. */
  readonly drawn: number;
}

/** An estimation sample (7.1): what rates are computed from, and nothing else is. */
export interface SamplingPlan {
  readonly seed: number;
  /** Strata hold at least so many members: 20, or more where `size` is too small for that many strata. */
  readonly minimum: number;
  readonly strata: readonly PlannedStratum[];
  /** Ids in reading order, which is random. `listText` is what the store hashes. */
  readonly items: readonly string[];
}

/**
 * Draws `size` of the items, or all when there are fewer. One seeded order of all ids, sorted first so that the order they
 * come in makes no difference, is walked, and each stratum takes the first that are its own: a random sample of each. Where
 * the floors of all strata need more than `size`, strata are merged further, the minimum doubling, until they fit.
 */
export function samplingPlan(
  items: readonly SamplingItem[],
  options: { readonly size: number; readonly seed: number; readonly allocation?: Allocation },
): SamplingPlan {
  const { size, seed, allocation = { kind: "proportional" } } = options;
  const floor = allocation.kind === "neyman" ? neymanFloor : proportionalFloor;
  let minimum = 20;
  let parts = strata(items, minimum);
  while (parts.length > 1 && needed(parts, floor) > size) parts = strata(items, (minimum *= 2));
  const sizes = parts.map(({ members }) => members.length);
  const counts =
    allocation.kind === "neyman"
      ? neyman(
          parts.map(({ members }) => ({
            size: members.length,
            guess: mean(members, allocation.suspicion),
          })),
          size,
        )
      : proportional(sizes, size);
  const planned = parts.map((part, i) => ({ ...part, drawn: counts[i] }));
  return { seed, minimum, strata: planned, items: draw(planned, seed) };
}

/** Text that says the list and its order, to be hashed: a JSON array, so any name is told from any other. */
export function listText(ids: readonly string[]): string {
  return JSON.stringify(ids);
}

/** What a second reader sees blind (7.4), in an order of its own: 50 or a tenth of the sample, all when it is smaller. */
export function secondReading(plan: SamplingPlan): string[] {
  return sample(plan.items, secondReadingSize(plan.items.length), plan.seed ^ 0x5ec0d);
}

/**
 * Half the width of the interval to expect if every stratum had this rate: `z √Σ (N_s/N)² (1 − n_s/N_s) p(1−p)/n_s`. Infinity
 * where a stratum gets none.
 */
export function expectedMargin(
  planned: readonly Pick<PlannedStratum, "members" | "drawn">[],
  rate: number,
  confidence = 0.95,
): number {
  const population = planned.reduce((sum, { members }) => sum + members.length, 0);
  let variance = 0;
  for (const { members, drawn } of planned) {
    const size = members.length;
    if (size === drawn) continue;
    variance += ((size / population) ** 2 * (1 - drawn / size) * rate * (1 - rate)) / drawn;
  }
  return normalQuantile((1 + confidence) / 2) * Math.sqrt(variance);
}

function draw(planned: readonly PlannedStratum[], seed: number): string[] {
  const stratumOf = new Map(planned.flatMap(({ members }, s) => members.map((id) => [id, s])));
  const ids = [...stratumOf.keys()].toSorted(compare);
  const left = planned.map(({ drawn }) => drawn);
  return shuffled(ids.length, seed)
    .map((i) => ids[i])
    .filter((id) => left[stratumOf.get(id) ?? 0]-- > 0);
}

function needed(parts: readonly SamplingStratum[], floor: number): number {
  return parts.reduce((sum, { members }) => sum + Math.min(floor, members.length), 0);
}

function mean(ids: readonly string[], values: ReadonlyMap<string, number>): number {
  const known = ids.map((id) => values.get(id) ?? NaN).filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
}
