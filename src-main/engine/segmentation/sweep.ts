import { ignoreLabel } from "./background.ts";
import { sweepThresholds } from "../../../shared/domain/pseudo-labels.ts";

/** Pixels of one truth whose strongest map is that of one class, by how many thresholds that map exceeds. */
export interface SweepEntry {
  readonly truth: number;
  readonly label: number;
  /** `[61]`: entry b counts pixels over the first b thresholds, so they are `label` at threshold i while b > i. */
  readonly over: readonly number[];
}

/** What a sweep of θ needs of a picture, in one pass: no threshold is tried. `values[k]` is the label of map k. */
export function sweepOf(
  maps: readonly Float32Array[],
  values: readonly number[],
  truth: ArrayLike<number>,
): SweepEntry[] {
  const entries = new Map<number, { truth: number; label: number; over: number[] }>();
  for (let p = 0; p < truth.length; p++) {
    if (truth[p] === ignoreLabel) continue;
    let [best, label] = [0, 0];
    for (let k = 0; k < maps.length; k++)
      if (maps[k][p] > best) {
        best = maps[k][p];
        label = values[k];
      }
    const pair = truth[p] * 256 + label;
    let entry = entries.get(pair);
    if (!entry) {
      const over = new Array<number>(sweepThresholds.length + 1).fill(0);
      entries.set(pair, (entry = { truth: truth[p], label, over }));
    }
    entry.over[thresholdsBelow(best)]++;
  }
  return [...entries.values()];
}

/** How many thresholds lie under a value. */
function thresholdsBelow(value: number): number {
  let count = Math.min(sweepThresholds.length, Math.max(0, Math.floor(value * 100)));
  while (count < sweepThresholds.length && sweepThresholds[count] < value) count++;
  while (count > 0 && sweepThresholds[count - 1] >= value) count--;
  return count;
}
