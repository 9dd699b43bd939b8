import { areaShare, excess, frameWeights, heatShare } from "../../../shared/heatmap/regions.ts";
import { frame } from "./border-share.ts";
import { corner, cornerShares } from "./corner-share.ts";
import type { MeasuredMap } from "./measure.ts";

/** b, k and t of RX-3: heat on the border, in the hottest corner and on text, beyond what their areas hold by chance. */
export function shortcutHeat(map: MeasuredMap): { border: number; corner: number; text: number } {
  const { heat, h, w, text } = map;
  return {
    border: excess(heatShare(heat, frameWeights(h, w, frame.band)), frame.area),
    corner: excess(Math.max(...cornerShares(map)), corner.area),
    text: text ? excess(heatShare(heat, text), areaShare(text)) : 0,
  };
}
