import type { NaCause } from "../../shared/domain/metrics.ts";

/**
 * Item numbers by falling suspicion, ties by item number. Items without a score are on their shelves, and a score of 0 (a wrong
 * answer, or heat where it should be) is no suspicion.
 */
export function rankSuspects(
  rows: Iterable<{ readonly no: number; readonly score: number | NaCause | null }>,
): number[] {
  const scored: { no: number; score: number }[] = [];
  for (const { no, score } of rows)
    if (typeof score === "number" && score > 0) scored.push({ no, score });
  return scored.sort((a, b) => b.score - a.score || a.no - b.no).map(({ no }) => no);
}
