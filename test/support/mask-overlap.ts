import { enlargeSmooth } from "../../shared/heatmap/enlarge.ts";

const thresholds = Array.from({ length: 20 }, (_, t) => (t + 0.5) / 20);

/**
 * Overlap (intersection over union) of a map `[h,w]` with a mask `[side,side]` at each of twenty shares of its maximum; zeros of a
 * map without anything positive.
 */
export function overlapCurve(
  map: Float32Array,
  [h, w]: readonly [number, number],
  truth: Uint8Array,
): readonly number[] {
  const side = Math.sqrt(truth.length);
  const up = enlargeSmooth(
    map.map((value) => Math.max(0, value)),
    h,
    w,
    side,
    side,
  );
  const most = up.reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) return thresholds.map(() => 0);
  return thresholds.map((share) => {
    let [both, either] = [0, 0];
    for (let p = 0; p < up.length; p++) {
      const isOn = up[p] >= share * most;
      if (isOn && truth[p]) both++;
      if (isOn || truth[p]) either++;
    }
    return either === 0 ? 0 : both / either;
  });
}

/** The best mean over pictures at any one threshold. */
export function bestOverlap(curves: readonly (readonly number[])[]): number {
  return Math.max(
    ...thresholds.map(
      (_, t) => curves.reduce((sum, curve) => sum + (curve[t] ?? 0), 0) / curves.length,
    ),
  );
}
