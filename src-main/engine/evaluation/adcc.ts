import { pearson } from "../../../shared/statistics/correlation.ts";

/**
 * Coherency, Poppi et al. 2021: `(1 + pearson(h(x), h(x⊙h)))/2`. Without variation on either side it is 0, as the authors
 * have it, and said to be undefined.
 */
export function coherency(
  map: Float32Array,
  ofMasked: Float32Array | null,
): { readonly value: number; readonly isDefined: boolean } {
  const r = ofMasked ? pearson(map, ofMasked) : NaN;
  return Number.isNaN(r) ? { value: 0, isDefined: false } : { value: (1 + r) / 2, isDefined: true };
}

/** ADCC: harmonic mean of coherency, 1 − complexity and 1 − drop; 0 where one of them is. Per image, then averaged. */
export function adcc(coherency: number, complexity: number, drop: number): number {
  return harmonic([coherency, 1 - complexity, 1 - drop]);
}

/** ARCC: coherency, 1 − complexity and `clip(2·ROAD, 0, 1)`, with 1e-8 in each denominator as in its reference code. */
export function arcc(coherency: number, complexity: number, road: number): number {
  const terms = [coherency, 1 - complexity, Math.min(1, Math.max(0, 2 * road))];
  return terms.length / terms.reduce((sum, term) => sum + 1 / (term + 1e-8), 0);
}

function harmonic(terms: readonly number[]): number {
  if (terms.some((term) => !(term > 0))) return 0;
  return terms.length / terms.reduce((sum, term) => sum + 1 / term, 0);
}
