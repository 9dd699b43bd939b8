import { beyondChance, type Coefficient } from "./coefficient.ts";
import { hasVariation, rawAgreement, type CategoryCounts } from "./ratings.ts";

/**
 * Prevalence-adjusted bias-adjusted κ (Byrt, Bishop and Carlin 1993), printed beside κ: chance is even, `1/C`, so of two
 * categories it is `2 p_o − 1`.
 */
export function pabak(counts: CategoryCounts): Coefficient {
  if (counts.length === 0) return { kind: "nothing-shared" };
  if (!hasVariation(counts)) return { kind: "no-variation" };
  return beyondChance(rawAgreement(counts), 1 / counts[0].length);
}
