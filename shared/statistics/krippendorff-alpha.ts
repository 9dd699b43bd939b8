import type { Coefficient } from "./coefficient.ts";
import type { Ratings } from "./ratings.ts";

/** How far two values lie apart: 0 or 1, or `(a − b)²`. */
export type Scale = "nominal" | "interval";

/**
 * Krippendorff's α (Content Analysis, 2004, ch. 11) of any number of readers with any verdicts missing: `1 − D_o / D_e` of the
 * coincidence matrix, to which each pair within an item of m values adds `1/(m − 1)`. Items with fewer than two values are left
 * out. Values may be any numbers on the interval scale.
 */
export function krippendorffAlpha(ratings: Ratings, scale: Scale = "nominal"): Coefficient {
  let observed = 0; // Σ over the matrix of count · distance
  const totals = new Map<number, number>();
  let n = 0;
  for (const item of ratings) {
    const values = item.filter((value) => value !== null);
    if (values.length < 2) continue;
    n += values.length;
    const own = new Map<number, number>();
    for (const value of values) {
      own.set(value, (own.get(value) ?? 0) + 1);
      totals.set(value, (totals.get(value) ?? 0) + 1);
    }
    observed += pairDistance(own, scale) / (values.length - 1);
  }
  if (n === 0) return { kind: "nothing-shared" };
  if (totals.size < 2) return { kind: "no-variation" };
  const expected = pairDistance(totals, scale) / (n - 1);
  return { kind: "value", value: 1 - observed / expected };
}

/** Sum of the distances of all ordered pairs of values. */
function pairDistance(counts: ReadonlyMap<number, number>, scale: Scale): number {
  let sum = 0;
  for (const [a, countA] of counts)
    for (const [b, countB] of counts)
      if (a !== b) sum += countA * countB * (scale === "nominal" ? 1 : (a - b) ** 2);
  return sum;
}
