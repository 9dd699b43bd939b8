import { beyondChance, type Coefficient } from "./coefficient.ts";
import { hasVariation, prevalence, rawAgreement, type CategoryCounts } from "./ratings.ts";

/**
 * Gwet's AC1 (2008), which stays meaningful when positives are rare and κ does not: chance agrees in
 * `p_e = Σ π_j (1 − π_j) / (C − 1)`. `counts` has a column for each category that could be given.
 */
export function gwetAc1(counts: CategoryCounts): Coefficient {
  if (counts.length === 0) return { kind: "nothing-shared" };
  if (!hasVariation(counts)) return { kind: "no-variation" };
  const shares = prevalence(counts);
  const expected = shares.reduce((sum, p) => sum + p * (1 - p), 0) / (shares.length - 1);
  return beyondChance(rawAgreement(counts), expected);
}
