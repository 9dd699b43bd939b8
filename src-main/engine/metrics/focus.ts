import type { NaCause } from "../../../shared/domain/metrics.ts";
import { areaShare, excess, heatShare } from "../../../shared/heatmap/regions.ts";
import type { MeasuredMap } from "./measure.ts";
import { widen } from "./widen.ts";

/** Heat under this share of the item's maximum is left out. */
const strongHeat = 0.35;
/** Evidence that covers more cannot be told from the picture. */
const largestArea = 0.8;

/**
 * Focus `g` of RX-2: how far heat lies on evidence beyond chance, `g(w) = max(0, (E − a) / (1 − a))` over heat of at least
 * 35 % of the maximum; the larger of two readings, the evidence as drawn and widened by one cell.
 */
export function focus({ heat, evidence, h, w }: MeasuredMap): number | NaCause {
  if (!evidence) return "no-evidence";
  if (areaShare(evidence) > largestArea) return "evidence-too-large";
  const max = heat.reduce((most, value) => Math.max(most, value), 0);
  const strong = heat.map((value) => (value >= strongHeat * max ? value : 0));
  const readings = [evidence, widen(evidence, h, w)].filter(
    (weights) => areaShare(weights) <= largestArea,
  );
  return Math.max(...readings.map((w) => excess(heatShare(strong, w), areaShare(w))));
}
