import { wilson } from "./proportion.ts";
import { randomFrom } from "./sample.ts";
import type { Estimate } from "./stratified.ts";

/** One image that was drawn and read. */
export interface WeightedRead {
  readonly isFinding: boolean;
  /** The probability it was drawn with, `π`, over 0 and up to 1. */
  readonly inclusion: number;
  /** Whom it belongs to (patient); null: to itself. */
  readonly group: string | null;
}

/**
 * Hájek's estimate (1971) from a sample of unequal probabilities, `p = Σ(y/π) / Σ(1/π)`; with `π = n_s/N_s` it is the
 * stratified estimate. Its variance is that of 2 000 resamples of the drawn images, or of whole patients, whatever their
 * stratum: never less than the design's. The interval is Wilson with the effective size. Where no resample differs, the effective size is Kish's, `(Σw)² / Σw²` over the groups'
 * weights. Null of nothing.
 */
export function hajek(
  reads: readonly WeightedRead[],
  options: {
    readonly seed: number;
    readonly resamples?: number;
    readonly confidence?: number;
  },
): Estimate | null {
  const { seed, resamples = 2000, confidence = 0.95 } = options;
  const groups = totals(reads);
  if (groups.length === 0) return null;
  const weight = groups.reduce((sum, group) => sum + group.weight, 0);
  const p = Math.min(1, groups.reduce((sum, group) => sum + group.findings, 0) / weight);
  const variance = bootstrapVariance(groups, seed, resamples);
  const kish = weight ** 2 / groups.reduce((sum, group) => sum + group.weight ** 2, 0);
  const spread = p * (1 - p);
  const effective = variance > 0 && spread > 0 ? spread / variance : kish;
  return {
    p,
    standardError: Math.sqrt(variance),
    effective,
    interval: wilson({ k: p * effective, n: effective }, confidence),
  };
}

interface Total {
  findings: number;
  weight: number;
}

function totals(reads: readonly WeightedRead[]): Total[] {
  const groups = new Map<string | number, Total>();
  reads.forEach(({ isFinding, inclusion, group }, i) => {
    const weight = 1 / inclusion;
    const own = groups.get(group ?? i) ?? { findings: 0, weight: 0 };
    own.weight += weight;
    own.findings += isFinding ? weight : 0;
    groups.set(group ?? i, own);
  });
  return [...groups.values()];
}

/** Variance of the estimate over resamples, times `g/(g − 1)`: drawing g of g groups shows that much less. */
function bootstrapVariance(groups: readonly Total[], seed: number, resamples: number): number {
  const random = randomFrom(seed);
  let sum = 0;
  let squares = 0;
  for (let r = 0; r < resamples; r++) {
    let [findings, weight] = [0, 0];
    for (let draw = 0; draw < groups.length; draw++) {
      const drawn = groups[Math.floor(random() * groups.length)];
      findings += drawn.findings;
      weight += drawn.weight;
    }
    sum += findings / weight;
    squares += (findings / weight) ** 2;
  }
  const variance = squares / resamples - (sum / resamples) ** 2;
  // Rounding leaves some 1e-17 where every resample is the same.
  return variance > 1e-14 ? (variance * groups.length) / Math.max(1, groups.length - 1) : 0;
}
