import { shuffled } from "../../../shared/statistics/sample.ts";

/**
 * Places of equal values in a fixed random order, never raster order: a flat map must not look like "top edge first".
 * `ties[i]` is the turn of place i.
 */
export function tiePermutation(count: number, seed: number): Int32Array {
  const ties = new Int32Array(count);
  shuffled(count, seed).forEach((place, turn) => (ties[place] = turn));
  return ties;
}

/**
 * Places by value, hottest first (MoRF) or coldest first (LeRF), equal values by their turn. By ranks and never by a
 * threshold: a percentile that falls on a plateau would take all of it.
 */
export function ranked(
  values: ArrayLike<number>,
  ties: Int32Array,
  first: "hottest" | "coldest",
): Int32Array {
  const sign = first === "hottest" ? -1 : 1;
  // Keyed by turn, so that a stable numeric sort of values leaves ties in their turns.
  const byTurn = new Int32Array(ties.length);
  ties.forEach((turn, place) => (byTurn[turn] = place));
  return byTurn.sort((a, b) => sign * (values[a] - values[b]) || ties[a] - ties[b]);
}

/** How many of `count` a share takes, to the nearest. */
export function countOfShare(share: number, count: number): number {
  return Math.min(count, Math.max(0, Math.round(share * count)));
}
