import { areaShare } from "../../../shared/heatmap/regions.ts";
import { defineMeasure } from "./measure.ts";

/** Evidence area: `a`, the mean of w. */
export const evidenceArea = defineMeasure({
  id: "evidence_area",
  measure: ({ evidence }) => (evidence ? areaShare(evidence) : "no-evidence"),
});
