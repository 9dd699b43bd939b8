import { shuffled } from "../../../shared/statistics/sample.ts";

/**
 * 1 for the hottest `share` of the values (at least one), by rank and never by a threshold: a map with a plateau of zeros
 * keeps its count. Ties fall by a fixed seeded order of places, not by raster order, which would favour the top edge.
 */
export function hottestShare(values: ArrayLike<number>, share: number): Uint8Array {
  const count = Math.max(1, Math.round(values.length * share));
  const order = shuffled(values.length, 20).sort((i, j) => values[j] - values[i]);
  const isHot = new Uint8Array(values.length);
  for (let i = 0; i < count; i++) isHot[order[i]] = 1;
  return isHot;
}
