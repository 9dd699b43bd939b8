import { betaQuantile } from "./beta.ts";
import { normalQuantile } from "./normal.ts";

/** An interval for a proportion, within 0..1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `k` of `n`. */
export interface Count {
  readonly k: number;
  readonly n: number;
}

/**
 * Wilson score interval (1927): the project's displayed interval. Everything, [0, 1], of an empty sample.
 *
 *   centre = (p + z²/2n) / (1 + z²/n),  half = z √(p(1−p)/n + z²/4n²) / (1 + z²/n)
 */
export function wilson({ k, n }: Count, confidence = 0.95): Interval {
  if (n <= 0) return { low: 0, high: 1 };
  const z2 = normalQuantile((1 + confidence) / 2) ** 2;
  const p = k / n;
  const centre = p + z2 / (2 * n);
  const half = Math.sqrt(z2 * ((p * (1 - p)) / n + z2 / (4 * n * n)));
  const scale = 1 + z2 / n;
  return {
    low: k <= 0 ? 0 : Math.max(0, (centre - half) / scale),
    high: k >= n ? 1 : Math.min(1, (centre + half) / scale),
  };
}

/** Clopper–Pearson interval (1934): never covers less than it says; for statements of acceptance. */
export function clopperPearson({ k, n }: Count, confidence = 0.95): Interval {
  if (n <= 0) return { low: 0, high: 1 };
  const tail = (1 - confidence) / 2;
  return {
    low: k <= 0 ? 0 : betaQuantile(tail, k, n - k + 1),
    high: k >= n ? 1 : betaQuantile(1 - tail, k + 1, n - k),
  };
}

/** Newcombe's interval (1998) for the difference of two proportions, `a − b`, from their Wilson intervals. */
export function newcombe(a: Count, b: Count, confidence = 0.95): Interval {
  const [pa, pb] = [a.k / a.n, b.k / b.n];
  const [wa, wb] = [wilson(a, confidence), wilson(b, confidence)];
  return {
    low: pa - pb - Math.hypot(pa - wa.low, wb.high - pb),
    high: pa - pb + Math.hypot(wa.high - pa, pb - wb.low),
  };
}

/** One stratum of a population: its size, how many were read and how many of those count. */
export interface Stratum extends Count {
  readonly size: number;
}

export interface Estimate {
  readonly p: number;
  readonly standardError: number;
  /** Wilson with the effective n, `p(1 − p) / Var`. */
  readonly interval: Interval;
}

/**
 * Estimate from a stratified random sample. Strata with fewer than two members read have no variance: null. A stratum that was
 * read whole adds none.
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
  const effective = variance > 0 ? (p * (1 - p)) / variance : read;
  return {
    p,
    standardError: Math.sqrt(variance),
    interval:
      read === population
        ? { low: p, high: p } // everything was read: there is nothing to estimate
        : wilson({ k: p * effective, n: effective }, confidence),
  };
}
