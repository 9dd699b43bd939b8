import { heatShare } from "../../../shared/heatmap/regions.ts";
import { defineMeasure } from "./measure.ts";

/** Text overlap: share of heat on detected or marked text; 0 where no text was found. */
export const textOverlap = defineMeasure({
  id: "text_overlap",
  measure: ({ heat, text }) => (text ? heatShare(heat, text) : 0),
});
