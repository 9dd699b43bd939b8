import { binomialAtMost } from "./binomial.ts";

/**
 * McNemar's test (1947), exact and two-sided, of pairs read before and after: of the pairs that changed, as many may go each
 * way. `gained` and `lost` are those pairs; 1 where none changed.
 */
export function mcnemar(gained: number, lost: number): number {
  return Math.min(1, 2 * binomialAtMost(Math.min(gained, lost), gained + lost, 0.5));
}
