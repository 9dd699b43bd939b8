import { enlargeSmooth } from "../../../shared/heatmap/enlarge.ts";
import { extent } from "../kernels/maps.ts";

/** Height, then width. */
export type Size = readonly [height: number, width: number];

/**
 * A raw map `[h,w]` as the measures read it: its positive part (the signed view keeps all), enlarged to the input
 * (bilinear, half-pixel centres), then min–max to 0..1. Null of a flat or non-finite map: such an image is counted and
 * never scored.
 */
export function finishedMap(
  raw: ArrayLike<number>,
  [h, w]: Size,
  [toH, toW]: Size,
  view: "positive" | "signed" = "positive",
): Float32Array | null {
  const from =
    view === "signed" ? raw : Float32Array.from(raw, (value) => (value > 0 ? value : 0 * value));
  const up = h === toH && w === toW ? Float32Array.from(from) : enlargeSmooth(from, h, w, toH, toW);
  return minMax(up);
}

/** Values scaled to 0..1; null where they do not vary or are not numbers. */
export function minMax(values: Float32Array): Float32Array | null {
  const [min, max] = extent(values);
  const spread = max - min;
  if (!Number.isFinite(spread) || values.some(Number.isNaN)) return null;
  if (spread <= 1e-12 * Math.max(1, Math.abs(max))) return null;
  return values.map((value) => (value - min) / spread);
}
