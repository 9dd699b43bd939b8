import type { PredictedFocus } from "../../shared/domain/quadrant.ts";
import { numberOf, type SuspectItem } from "./item.ts";
import { placesOf, type Scored } from "./score.ts";

/** Focus g under which heat is elsewhere, and heat beyond chance on places over which it is. */
const limits = { focus: 0.3, places: 0.05 } as const;

/** Where a model looked before anyone has judged: always labelled "predicted, not judged". */
export function predictFocus(item: SuspectItem, scored: Scored): PredictedFocus {
  if (scored.shelf) return "unjudged";
  if (scored.basis === "places") return placesOf(item) > limits.places ? "elsewhere" : "on";
  const g = numberOf(item.metrics, "focus");
  if (g === null) return "unjudged";
  return g < limits.focus ? "elsewhere" : "on";
}
