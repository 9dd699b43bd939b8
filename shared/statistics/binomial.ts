import { incompleteBeta } from "./beta.ts";

/** `P(X ≤ k)` of n trials of probability p, as `I_{1−p}(n − k, k + 1)`. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  return incompleteBeta(1 - p, n - k, k + 1);
}
