import type { Quadrant, Verdict } from "./review.ts";

/** Where a model looked before anyone has judged: always labelled "predicted, not judged". */
export type PredictedFocus = "on" | "elsewhere" | "unjudged";

/**
 * The quadrant of an item: answer × focus. A verdict overrides the prediction: Sound is on, Spurious elsewhere; Mixed,
 * Unclear and Map unreliable are counted apart, so they are in none.
 */
export function quadrantOf(
  isCorrect: boolean | null,
  verdict: Verdict | null,
  predicted: PredictedFocus,
): Quadrant {
  const focus = verdict === null ? predicted : judgedFocus[verdict];
  if (isCorrect === null || focus === "unjudged") return "unjudged";
  if (isCorrect) return focus === "on" ? "right-on" : "right-off";
  return focus === "on" ? "wrong-on" : "wrong-off";
}

const judgedFocus: Readonly<Record<Verdict, PredictedFocus>> = {
  sound: "on",
  spurious: "elsewhere",
  mixed: "unjudged",
  unclear: "unjudged",
  unreliable: "unjudged",
};
