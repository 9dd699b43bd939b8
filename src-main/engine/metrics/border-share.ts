import { frameWeights, heatShare } from "../../../shared/heatmap/regions.ts";
import { defineMeasure } from "./measure.ts";

/** Width of the frame, and the share of the area it covers. */
export const frame = { band: 0.1, area: 0.36 } as const;

/** Border share: share of heat in the outer 10 % frame, which is 36 % of the area. */
export const borderShare = defineMeasure({
  id: "border_share",
  measure: ({ heat, h, w }) => heatShare(heat, frameWeights(h, w, frame.band)),
});
