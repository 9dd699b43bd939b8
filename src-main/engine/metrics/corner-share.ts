import { cornerWeights, heatShare } from "../../../shared/heatmap/regions.ts";
import { defineMeasure, type MeasuredMap } from "./measure.ts";

/** Side of a corner, and the share of the area that one corner covers. */
export const corner = { side: 0.15, area: 0.0225 } as const;

/** Shares of heat in the four corners: upper left, upper right, lower left, lower right. */
export function cornerShares({ heat, h, w }: Pick<MeasuredMap, "heat" | "h" | "w">): number[] {
  return cornerWeights(h, w, corner.side).map((weights) => heatShare(heat, weights));
}

/** Corner share: share of heat in four 15 % × 15 % corners, which are 9 % of the area. */
export const cornerShare = defineMeasure({
  id: "corner_share",
  measure: (map) => cornerShares(map).reduce((sum, share) => sum + share, 0),
});
