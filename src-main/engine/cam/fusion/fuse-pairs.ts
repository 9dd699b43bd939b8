import { averageOver } from "../../kernels/area.ts";
import { meanPerChannel, sumOverChannels, weightedSum } from "../../kernels/maps.ts";
import { largestOf, toUnit } from "../../kernels/unit-map.ts";
import { enlargeSmooth } from "../../../../shared/heatmap/enlarge.ts";
import { finestOf, gated, type LayerMap } from "./fuse-layers.ts";
import type { LayerSlopes } from "./layer-slopes.ts";

/** How maps against several rivals become one. */
export type PairFusion = "max" | "mean" | "weighted";

/** The maps of one layer against each rival, raw: positive parts, not yet scaled. */
export function pairMaps(
  { activations, gradients, layer: { grid } }: LayerSlopes,
  isDeepest: boolean,
): Float32Array[] {
  const [k] = grid;
  return gradients.map((slopes) =>
    (isDeepest
      ? weightedSum(activations, meanPerChannel(slopes, k))
      : sumOverChannels(slopes, activations, k, (g, a) => Math.max(0, g) * a)
    ).map((value) => Math.max(0, value)),
  );
}

/**
 * Maps against rivals on 0..1 each, as one: the union of what they show, their mean, or their mean by the rivals' weights. A map
 * without any evidence counts for nothing; null where all are.
 */
export function fusePairs(
  maps: readonly Float32Array[],
  how: PairFusion,
  weights: readonly number[] = [],
): Float32Array | null {
  const units = maps.flatMap((map, r) => {
    const unit = toUnit(map);
    return unit ? [{ unit, weight: how === "weighted" ? (weights[r] ?? 0) : 1 }] : [];
  });
  const [first] = units;
  if (!first) return null;
  if (how === "max")
    return units.reduce(
      (all, { unit }) => all.map((value, p) => Math.max(value, unit[p])),
      first.unit,
    );
  const total = how === "mean" ? units.length : 1;
  return first.unit.map(
    (_, p) => units.reduce((sum, { unit, weight }) => sum + weight * unit[p], 0) / total,
  );
}

/** What is fused of one layer; null where nothing speaks for the class there. */
export interface FusedLayer {
  readonly map: Float32Array | null;
  readonly h: number;
  readonly w: number;
}

/**
 * The coarsest layer gated by the finer ones, on the grid `[h,w]`: averaged down to a coarser one, enlarged to a finer one; zeros
 * where the coarsest says nothing. On 0..1 before that, then as large as `strength`.
 */
export function gateOnGrid(
  [deep, ...shallow]: readonly FusedLayer[],
  strength: number,
  [h, w]: readonly [number, number],
): Float32Array {
  if (!deep.map) return new Float32Array(h * w);
  const [toH, toW] = finestOf([deep, ...shallow]);
  const up = ({ map, h: fromH, w: fromW }: FusedLayer) =>
    map ? enlargeSmooth(map, fromH, fromW, toH, toW) : new Float32Array(toH * toW);
  const fused = gated(up(deep), shallow.map(up));
  return ontoGrid({ map: fused.map((value) => value * strength), h: toH, w: toW }, [h, w]);
}

/** A map on another grid: averaged where that is coarser, enlarged where it is finer. */
export function ontoGrid({ map, h, w }: LayerMap, [toH, toW]: readonly [number, number]) {
  if (h === toH && w === toW) return map;
  return toH <= h && toW <= w
    ? averageOver(map, [h, w], [toH, toW])
    : enlargeSmooth(map, h, w, toH, toW);
}

/** The largest of the pair maps of a layer. */
export function strengthOf(maps: readonly Float32Array[]): number {
  return Math.max(0, ...maps.map(largestOf));
}
