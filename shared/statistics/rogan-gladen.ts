import { normalQuantile } from "./normal.ts";
import type { Count, Interval } from "./proportion.ts";

export interface CorrectedRate {
  readonly p: number;
  readonly standardError: number;
  readonly interval: Interval;
}

/**
 * The rate behind what imperfect reviewers found (Rogan and Gladen 1978), `p = (q + Sp − 1) / (Se + Sp − 1)`, held in 0..1,
 * with its interval by the delta method. A share that is 0 or 1 as counted shows no variance and is given that of
 * `(k + ½)/(n + 1)`. Null where the reviewers are no better than chance, or any count is empty.
 *
 *   Var = [ q(1−q)/n + p² Se(1−Se)/n_Se + (1−p)² Sp(1−Sp)/n_Sp ] / (Se + Sp − 1)²
 */
export function roganGladen(
  counts: {
    /** Findings among what was read. */
    readonly found: Count;
    /** Found among planted or adjudicated findings. */
    readonly sensitivity: Count;
    /** Passed among planted or adjudicated cases without a finding. */
    readonly specificity: Count;
  },
  confidence = 0.95,
): CorrectedRate | null {
  const { found, sensitivity, specificity } = counts;
  if (found.n <= 0 || sensitivity.n <= 0 || specificity.n <= 0) return null;
  const youden = sensitivity.k / sensitivity.n + specificity.k / specificity.n - 1;
  if (youden <= 1e-12) return null;
  const p = clamp((found.k / found.n + specificity.k / specificity.n - 1) / youden);
  const variance =
    variance01(found) + p ** 2 * variance01(sensitivity) + (1 - p) ** 2 * variance01(specificity);
  const standardError = Math.sqrt(variance) / youden;
  const half = normalQuantile((1 + confidence) / 2) * standardError;
  return { p, standardError, interval: { low: clamp(p - half), high: clamp(p + half) } };
}

function variance01({ k, n }: Count): number {
  const share = k <= 0 || k >= n ? (k + 0.5) / (n + 1) : k / n;
  return (share * (1 - share)) / n;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
