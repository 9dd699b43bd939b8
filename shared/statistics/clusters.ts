import { wilson, type Count, type Interval } from "./proportion.ts";

/** A rate read on several images a patient. */
export interface ClusteredRate extends Count {
  /** Patients. */
  readonly groups: number;
  /** Correlation of two images of one patient, 0..1; null where it can't be measured, and is then taken as 1. */
  readonly correlation: number | null;
  /** As many independent images would say as much. */
  readonly effective: number;
  /** Wilson with the effective size. */
  readonly interval: Interval;
}

/**
 * Rate of findings in images that come in groups (patients), by the effective size `n / (1 + (m̄ − 1) ρ)` (Kish 1965). `m̄` is
 * the mean group size as an image sees it, `Σ m² / Σ m`: the plain mean when all groups are alike, and what the variance
 * really grows with when they aren't. ρ is the analysis-of-variance estimate (Ridout 1999), held in 0..1.
 */
export function clusteredRate(groups: readonly Count[], confidence = 0.95): ClusteredRate {
  const used = groups.filter(({ n }) => n > 0);
  const n = used.reduce((sum, group) => sum + group.n, 0);
  const k = used.reduce((sum, group) => sum + group.k, 0);
  const correlation = intraclass(used);
  const effective = n === 0 ? 0 : n / (1 + (meanSize(used) - 1) * (correlation ?? 1));
  const interval = wilson({ k: n === 0 ? 0 : (k / n) * effective, n: effective }, confidence);
  return { k, n, groups: used.length, correlation, effective, interval };
}

/** Group size as its members see it, `Σ m² / Σ m`. */
function meanSize(groups: readonly Count[]): number {
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  return groups.reduce((sum, group) => sum + group.n ** 2, 0) / n;
}

/**
 * Intraclass correlation of 0/1 values, `(MSB − MSW) / (MSB + (m₀ − 1) MSW)`, held in 0..1. Null with one group, with one
 * member each, or where nothing varies.
 */
export function intraclass(groups: readonly Count[]): number | null {
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const k = groups.reduce((sum, group) => sum + group.k, 0);
  if (groups.length < 2 || n === groups.length || k === 0 || k === n) return null;
  const within = groups.reduce((sum, group) => sum + (group.k * (group.n - group.k)) / group.n, 0);
  const between = groups.reduce((sum, group) => sum + group.k ** 2 / group.n, 0) - k ** 2 / n;
  const msw = within / (n - groups.length);
  const msb = between / (groups.length - 1);
  const size = (n - meanSize(groups)) / (groups.length - 1);
  const value = (msb - msw) / (msb + (size - 1) * msw);
  return Math.min(1, Math.max(0, value));
}
