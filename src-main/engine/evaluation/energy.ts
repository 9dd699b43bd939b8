import { areaShare, heatShare } from "../../../shared/heatmap/regions.ts";

/**
 * Energy pointing game or relevance mass, `Σ h⊙m / Σ h`, and its lift over the mask's share of the area: 1 is no better
 * than an even map. NaN of a map without heat.
 */
export function energy(
  map: Float32Array,
  mask: ArrayLike<number>,
): { readonly energy: number; readonly lift: number } {
  const share = heatShare(map, mask);
  return { energy: share, lift: share / areaShare(mask) };
}
