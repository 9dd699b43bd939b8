import { ranks } from "./correlation.ts";
import { normalDistribution } from "./normal.ts";

/** Differences up to which the test counts every arrangement of signs. */
const exactUpTo = 50;

/**
 * Wilcoxon signed-rank test (1945), two-sided, of paired differences; zeros are left out, ties share their mean rank. Exact
 * up to 50 differences, then the normal approximation with its corrections for ties and continuity. Null without a
 * difference.
 */
export function wilcoxon(differences: ArrayLike<number>): number | null {
  const kept = Array.from(differences).filter((value) => value !== 0 && Number.isFinite(value));
  if (kept.length === 0) return null;
  const own = ranks(kept.map(Math.abs));
  let positive = 0;
  own.forEach((rank, i) => (positive += kept[i] > 0 ? rank : 0));
  return kept.length <= exactUpTo ? exact(own, positive) : approximate(own, positive);
}

/** Share of the 2ⁿ arrangements at least as far from the middle; mean ranks doubled are whole numbers. */
function exact(own: Float64Array, positive: number): number {
  const doubled = own.map((rank) => Math.round(2 * rank));
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const shares = new Float64Array(total + 1);
  shares[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--)
      shares[sum] = (shares[sum] + (sum >= rank ? shares[sum - rank] : 0)) / 2;
  }
  const distance = Math.abs(2 * positive - total / 2);
  let p = 0;
  shares.forEach((share, sum) => {
    if (Math.abs(sum - total / 2) >= distance - 1e-9) p += share;
  });
  return Math.min(1, p);
}

function approximate(own: Float64Array, positive: number): number {
  const n = own.length;
  const mean = (n * (n + 1)) / 4;
  // Σ rank²/4 is n(n+1)(2n+1)/24 less the correction for ties.
  const variance = own.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  const distance = Math.max(0, Math.abs(positive - mean) - 0.5);
  return Math.min(1, 2 * (1 - normalDistribution(distance / Math.sqrt(variance))));
}
