import { heatShare } from "../../../shared/heatmap/regions.ts";
import { defineMeasure } from "./measure.ts";

/** Inside energy: `E = Σ m·w ÷ Σ m`, the share of heat on evidence as drawn. */
export const insideEnergy = defineMeasure({
  id: "inside_energy",
  measure: ({ heat, evidence }) => (evidence ? heatShare(heat, evidence) : "no-evidence"),
});
