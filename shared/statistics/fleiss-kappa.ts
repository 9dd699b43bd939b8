import { beyondChance, type Coefficient } from "./coefficient.ts";
import { hasVariation, rawAgreement, type CategoryCounts } from "./ratings.ts";

/**
 * Fleiss' κ (1971) of m ≥ 2 verdicts on every item, by whichever readers: mean agreement within items against `Σ p_j²`. Null
 * where items have different numbers of verdicts; Krippendorff's α takes those.
 */
export function fleissKappa(counts: CategoryCounts): Coefficient | null {
  if (counts.length === 0) return { kind: "nothing-shared" };
  const verdicts = counts.map((row) => row.reduce((sum, n) => sum + n, 0));
  if (verdicts[0] < 2 || verdicts.some((m) => m !== verdicts[0])) return null;
  if (!hasVariation(counts)) return { kind: "no-variation" };
  const total = verdicts[0] * counts.length;
  const expected = counts[0].reduce(
    (sum, _, j) => sum + (counts.reduce((all, row) => all + row[j], 0) / total) ** 2,
    0,
  );
  return beyondChance(rawAgreement(counts), expected);
}
