import type { DisplayRange } from "../../../shared/heatmap/scaling.ts";
import type { RawMap } from "../../review/pictures.ts";

/** What the panes beside the first draw: their own map, or how it stands to the first one's. */
export const paneLayers = ["own", "difference", "agreement"] as const;
export type PaneLayer = (typeof paneLayers)[number];

/** A map and the range that it is drawn over. */
export interface RangedMap {
  readonly map: RawMap;
  readonly range: DisplayRange;
}

/**
 * How one map stands to another, each first counted from 0 to 1 in its own range. `difference`: |a − b|. `agreement`: the lesser
 * of the two where both exceed the threshold, else 0 (review-experience 6.8). null where their grids differ.
 */
export function layerOf(
  layer: Exclude<PaneLayer, "own">,
  one: RangedMap,
  other: RangedMap,
  threshold: number,
): RawMap | null {
  const { width, height } = one.map;
  if (other.map.width !== width || other.map.height !== height) return null;
  const values = one.map.values.map((value, i) => {
    const [a, b] = [share(value, one.range), share(other.map.values[i], other.range)];
    if (layer === "difference") return Math.abs(a - b);
    return a > threshold && b > threshold ? Math.min(a, b) : 0;
  });
  let [rawMin, rawMax] = [Infinity, -Infinity];
  for (const value of values) {
    rawMin = Math.min(rawMin, value);
    rawMax = Math.max(rawMax, value);
  }
  return { values, width, height, rawMin, rawMax };
}

function share(value: number, { low, high }: DisplayRange): number {
  return high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
}
