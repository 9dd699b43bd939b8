import { ignoreLabel } from "./background.ts";

/** How often truth `truth` was labelled `label`: one entry per pair that occurs. */
export interface ConfusionEntry {
  readonly truth: number;
  readonly label: number;
  readonly n: number;
}

/** Pixels counted by pairs. Truth 255 is left out; a label of 255 counts as background. */
export function countPairs(truth: ArrayLike<number>, labels: ArrayLike<number>): ConfusionEntry[] {
  const counts = new Map<number, number>();
  for (let p = 0; p < truth.length; p++) {
    if (truth[p] === ignoreLabel) continue;
    const label = labels[p] === ignoreLabel ? 0 : labels[p];
    const pair = truth[p] * 256 + label;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return [...counts].map(([pair, n]) => ({ truth: pair >> 8, label: pair & 255, n }));
}
