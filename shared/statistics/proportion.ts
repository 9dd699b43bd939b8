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

/**
 * Newcombe's interval (1998, method 10) for the difference of two proportions, `a − b`, from their Wilson intervals.
 * Everything, [−1, 1], where a sample is empty.
 */
export function newcombe(a: Count, b: Count, confidence = 0.95): Interval {
  if (a.n <= 0 || b.n <= 0) return { low: -1, high: 1 };
  const [pa, pb] = [a.k / a.n, b.k / b.n];
  const [wa, wb] = [wilson(a, confidence), wilson(b, confidence)];
  return {
    low: pa - pb - Math.hypot(pa - wa.low, wb.high - pb),
    high: pa - pb + Math.hypot(wa.high - pa, pb - wb.low),
  };
}
