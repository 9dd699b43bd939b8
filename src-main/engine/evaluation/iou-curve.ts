import { evaluationSettings } from "../../../shared/domain/evaluation.ts";

/** The thresholds τ from 0 to 1, as shares of the maximum. */
export const thresholds: readonly number[] = Array.from(
  { length: evaluationSettings.thresholds },
  (_, i) => i / (evaluationSettings.thresholds - 1),
);

/** IoU of the mask with `B_τ = [h ≥ τ]` of a map in 0..1; NaN where both are empty. */
export function iouAt(map: Float32Array, mask: Uint8Array, tau: number): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < map.length; i++) {
    const isHot = map[i] >= tau;
    if (isHot && mask[i]) both++;
    if (isHot || mask[i]) either++;
  }
  return either === 0 ? NaN : both / either;
}

/** The IoU at every threshold. */
export function iouCurve(map: Float32Array, mask: Uint8Array): readonly number[] {
  return thresholds.map((tau) => iouAt(map, mask, tau));
}
