import type { Quadrant, Verdict } from "../../shared/domain/review.ts";
import { numberOf, type SuspectItem } from "./item.ts";
import { placesOf, type Scored } from "./score.ts";

export type Focus = "on" | "elsewhere" | "unjudged";

/** Focus g under which heat is elsewhere, and heat beyond chance on places over which it is. */
const limits = { focus: 0.3, places: 0.05 } as const;

/** Where a model looked before anyone has judged: always labelled "predicted, not judged". */
export function predictFocus(item: SuspectItem, scored: Scored): Focus {
  if (scored.shelf) return "unjudged";
  if (scored.basis === "places") return placesOf(item) > limits.places ? "elsewhere" : "on";
  const g = numberOf(item.metrics, "focus");
  if (g === null) return "unjudged";
  return g < limits.focus ? "elsewhere" : "on";
}

/**
 * The quadrant of an item. A verdict overrides the prediction: Sound is on, Spurious elsewhere; Mixed, Unclear and Map
 * unreliable are counted apart, so they are in none.
 */
export function quadrantOf(
  isCorrect: boolean | null,
  verdict: Verdict | null,
  predicted: Focus,
): Quadrant {
  const focus = verdict === null ? predicted : judgedFocus(verdict);
  if (isCorrect === null || focus === "unjudged") return "unjudged";
  if (isCorrect) return focus === "on" ? "right-on" : "right-off";
  return focus === "on" ? "wrong-on" : "wrong-off";
}

function judgedFocus(verdict: Verdict): Focus {
  switch (verdict) {
    case "sound":
      return "on";
    case "spurious":
      return "elsewhere";
    case "mixed":
    case "unclear":
    case "unreliable":
      return "unjudged";
  }
}
