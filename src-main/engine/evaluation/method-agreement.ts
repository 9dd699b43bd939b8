import { spearman } from "../../../shared/statistics/correlation.ts";

/**
 * Cross-method agreement: for each map, its mean Spearman correlation with the others on the map's own grid; NaN with none
 * to compare. Not a quality: low values mean "look yourself".
 */
export function methodAgreement(maps: readonly (Float32Array | null)[]): readonly number[] {
  return maps.map((map, i) => {
    if (!map) return NaN;
    const others = maps.flatMap((other, j) => {
      const rho = other && j !== i ? spearman(map, other) : NaN;
      return Number.isNaN(rho) ? [] : [rho];
    });
    return others.reduce((sum, rho) => sum + rho, 0) / others.length;
  });
}
