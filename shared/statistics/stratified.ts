import { wilson, type Count, type Interval } from "./proportion.ts";

/** One stratum of a population: its size, how many were read and how many of those count. */
export interface Stratum extends Count {
  readonly size: number;
}

/** A rate with its error. */
export interface Estimate {
  readonly p: number;
  readonly standardError: number;
  /** As many independent reads would know the rate as well; what was read where the variance is 0. */
  readonly effective: number;
  /** Wilson with the effective n, `p(1 − p) / Var`. */
  readonly interval: Interval;
}

/**
 * Estimate from a stratified random sample (Cochran, Sampling Techniques, 5.3). Null for an empty population, and where a
 * stratum has fewer than two members read: it has no variance. A stratum that was read whole adds none.
 *
 *   p = Σ (N_s/N) p_s;  Var = Σ (N_s/N)² (1 − n_s/N_s) p_s(1−p_s) / (n_s−1)
 */
export function stratified(strata: readonly Stratum[], confidence = 0.95): Estimate | null {
  const used = strata.filter(({ size }) => size > 0);
  const population = used.reduce((sum, { size }) => sum + size, 0);
  if (population === 0) return null;
  let p = 0;
  let variance = 0;
  let read = 0;
  for (const { size, n, k } of used) {
    if (n < Math.min(2, size)) return null;
    const share = size / population;
    const ps = k / n;
    p += share * ps;
    read += n;
    if (n < size) variance += (share ** 2 * (1 - n / size) * ps * (1 - ps)) / (n - 1);
  }
  const spread = p * (1 - p);
  const effective = variance > 0 && spread > 0 ? spread / variance : read;
  return {
    p,
    standardError: Math.sqrt(variance),
    effective,
    interval:
      read === population
        ? { low: p, high: p } // everything was read: there is nothing to estimate
        : wilson({ k: p * effective, n: effective }, confidence),
  };
}
