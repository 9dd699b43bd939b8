import type { PresetId } from "./preparation.ts";

/** Accuracy of one preset on the seeded labelled images. */
export interface ProofRow {
  readonly preset: PresetId;
  readonly right: number;
  readonly n: number;
}

export type ProofVerdict =
  /** Nothing to prove it on: used, and marked unproven everywhere it is shown. */
  | { readonly kind: "unproven" }
  | { readonly kind: "proven"; readonly best: ProofRow }
  /** No preset leads by 10 points: the table is shown and a person chooses. */
  | { readonly kind: "unclear" }
  /** A person chose one, and another is better by 10 points. */
  | { readonly kind: "doubtful"; readonly chosen: ProofRow; readonly better: ProofRow };

/** A lead of ten points of accuracy is what tells one preparation from another. */
const leadPoints = 0.1 - 1e-9; // 0.88 − 0.78 is a lead, whatever binary fractions say

/**
 * Judges a table of accuracies. Without a chosen preset the best wins if it leads every preset that answers differently by
 * 10 points; rows with exactly the best's answers (`isSame`) do not count against it.
 */
export function judgeProof(
  rows: readonly ProofRow[],
  chosen: PresetId | null,
  isSame: (a: PresetId, b: PresetId) => boolean,
): ProofVerdict {
  const measured = rows.filter(({ n }) => n > 0);
  if (measured.length === 0) return { kind: "unproven" };
  const ranked = measured.toSorted((a, b) => accuracy(b) - accuracy(a));
  const best = ranked[0];
  if (chosen !== null) {
    const row = measured.find(({ preset }) => preset === chosen);
    if (!row) return { kind: "unproven" };
    const isDoubtful = accuracy(best) - accuracy(row) >= leadPoints;
    return isDoubtful
      ? { kind: "doubtful", chosen: row, better: best }
      : { kind: "proven", best: row };
  }
  const rival = ranked.find((row) => row !== best && !isSame(row.preset, best.preset));
  const leads = !rival || accuracy(best) - accuracy(rival) >= leadPoints;
  return leads ? { kind: "proven", best } : { kind: "unclear" };
}

function accuracy({ right, n }: ProofRow): number {
  return right / n;
}
