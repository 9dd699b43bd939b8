import type { NaCause } from "../../../shared/domain/metrics.ts";
import { positivePart } from "../../../shared/heatmap/regions.ts";
import { spearman } from "../../../shared/statistics/correlation.ts";

/**
 * Stability: mean Spearman correlation of a map's heat with the maps of slightly shifted inputs, already shifted back onto its
 * grid.
 */
export function stability(
  map: Float32Array,
  shiftedBack: readonly Float32Array[],
): number | NaCause {
  const heat = positivePart(map);
  const rhos = shiftedBack.map((other) => spearman(heat, positivePart(other)));
  const usable = rhos.filter((rho) => !Number.isNaN(rho));
  if (usable.length === 0) return "no-map";
  return usable.reduce((sum, rho) => sum + rho, 0) / usable.length;
}
