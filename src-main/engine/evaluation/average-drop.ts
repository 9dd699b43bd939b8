import { evaluationSettings, type EvaluationCause } from "../../../shared/domain/evaluation.ts";

/**
 * Average drop, increase in confidence (Chattopadhay et al. 2018) and average gain of one image.
 *
 *   drop = max(0, Y − O)/Y    increase = [O > Y]    gain = max(0, O − Y)/(1 − Y)
 *
 * Y is the probability of the class, O that of the picture multiplied by the finished map. The drop is 0 for an
 * all-ones map: never to be read without the complexity.
 */
export function averageDrop(
  before: number,
  after: number,
):
  | { readonly drop: number; readonly increase: 0 | 1; readonly gain: number }
  | Extract<EvaluationCause, "weak-score"> {
  if (!(before >= evaluationSettings.leastScore)) return "weak-score";
  return {
    drop: Math.max(0, before - after) / before,
    increase: after > before ? 1 : 0,
    // A probability of 1 has nothing to gain.
    gain: before < 1 ? Math.max(0, after - before) / (1 - before) : 0,
  };
}
