import {
  areaShare,
  bandWeights,
  cornerWeights,
  excess,
  heatShare,
  positivePart,
} from "../../../shared/heatmap/regions.ts";
import type { MeasuredMap } from "./measure.ts";

/** Signals s1 to s4 of one map; null where what a signal needs is missing. */
export interface Signals {
  readonly s1: number | null;
  readonly s2: number;
  readonly s3: number;
  readonly s4: number;
}

/**
 * Signals of `spurious-focus.md` 2: excess heat outside the evidence dilated by 10 % (s1), on an 8 % border band (s2), in the
 * hottest 15 % corner (s3), on detected artefacts (s4). s2 and s3 lose what a map of an empty input shows there.
 */
export function signals(
  map: MeasuredMap,
  artefacts: readonly Float32Array[],
  nullMap: Float32Array | null = null,
): Signals {
  const { heat, h, w, evidence } = map;
  const band = bandWeights(h, w, 0.08);
  const corners = cornerWeights(h, w, 0.15);
  const onBand = (m: Float32Array) => excessOn(m, band);
  const inCorner = (m: Float32Array) => Math.max(...corners.map((weights) => excessOn(m, weights)));
  const empty = nullMap ? positivePart(nullMap) : null;
  const isEmptyLit = empty?.some((value) => value > 0) ?? false;
  const without = (of: (m: Float32Array) => number) =>
    Math.max(0, of(heat) - (empty && isEmptyLit ? of(empty) : 0));
  return {
    s1: evidence ? outside(heat, dilate(evidence, h, w, 0.1 * Math.min(h, w))) : null,
    s2: without(onBand),
    s3: without(inCorner),
    s4: artefacts.length > 0 ? excessOn(heat, union(artefacts)) : 0,
  };
}

function excessOn(heat: Float32Array, weights: Float32Array): number {
  return excess(heatShare(heat, weights), areaShare(weights));
}

function outside(heat: Float32Array, region: Float32Array): number {
  return excessOn(
    heat,
    region.map((weight) => 1 - weight),
  );
}

function union(masks: readonly Float32Array[]): Float32Array {
  return masks[0].map((_, i) => Math.max(...masks.map((mask) => mask[i])));
}

/** Grey dilation by a square of `radius` cells; a part of a cell counts by its share. */
function dilate(weights: Float32Array, h: number, w: number, radius: number): Float32Array {
  const whole = Math.floor(radius);
  const near = maximumWithin(weights, h, w, whole);
  const far = maximumWithin(weights, h, w, whole + 1);
  return near.map((value, i) => Math.max(value, (radius - whole) * far[i]));
}

function maximumWithin(weights: Float32Array, h: number, w: number, reach: number): Float32Array {
  return weights.map((_, cell) => {
    const y = Math.floor(cell / w);
    const x = cell % w;
    let max = 0;
    for (let i = Math.max(0, y - reach); i <= Math.min(h - 1, y + reach); i++)
      for (let j = Math.max(0, x - reach); j <= Math.min(w - 1, x + reach); j++)
        max = Math.max(max, weights[i * w + j]);
    return max;
  });
}
