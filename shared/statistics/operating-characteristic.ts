import { binomialAtMost } from "./binomial.ts";
import { hypergeometricAtMost } from "./hypergeometric.ts";

/** The chance that a plan passes at a true rate. */
export interface CharacteristicPoint {
  readonly rate: number;
  readonly accept: number;
}

/**
 * Operating-characteristic curve of "read n, pass with at most c", at `points` even steps from 0 to `highest`. Of a finite
 * population the rates are those it can have, at most `points` of them.
 */
export function operatingCharacteristic(
  plan: { readonly n: number; readonly c: number },
  options: {
    readonly highest?: number;
    readonly points?: number;
    readonly population?: number;
  } = {},
): CharacteristicPoint[] {
  const { highest = 1, points = 101, population } = options;
  const rates = Array.from({ length: points }, (_, i) => (highest * i) / Math.max(1, points - 1));
  if (population === undefined)
    return rates.map((rate) => ({ rate, accept: binomialAtMost(plan.c, plan.n, rate) }));
  const counts = [...new Set(rates.map((rate) => Math.round(rate * population)))];
  return counts.map((marked) => ({
    rate: marked / population,
    accept: hypergeometricAtMost(plan.c, plan.n, { size: population, marked }),
  }));
}
