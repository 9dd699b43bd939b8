import type { FusionId } from "../../../../shared/domain/fusion.ts";
import { enlargeSmooth } from "../../../../shared/heatmap/enlarge.ts";
import { largestOf, toUnit } from "../../kernels/unit-map.ts";

/** A map of one layer, `[h,w]`, raw. */
export interface LayerMap {
  readonly map: Float32Array;
  readonly h: number;
  readonly w: number;
}

/**
 * Maps of several layers as one on the finest of their grids, from 0 to the largest value of the coarsest layer: fused values lie
 * on 0..1, and that layer, where the meaning is, says how much there is of it at all. Where it shows nothing positive, neither
 * does the whole.
 *
 *   N(M): positive part, min-max;  ↑: bilinear, half-pixel centres;  D: the coarsest layer, S_i: the others
 *
 *   mean      mean of N(↑M)                       pytorch-grad-cam
 *   max       largest of ↑N(M)                    torch-cam
 *   tanh-max  largest of ↑tanh(2 M / max M)       LayerCAM, Jiang et al. 2021
 *   product   N( product of ↑N(M) )               RefineCAM 2026
 *   gate      N( ↑N(D) (1 + mean of ↑N(S_i)) )    RCS-MLFF, reconstructed
 */
export function fuseLayers(layers: readonly LayerMap[], how: FusionId): LayerMap {
  const [h, w] = finestOf(layers);
  const coarsest = layers.reduce((least, one) => (one.h * one.w < least.h * least.w ? one : least));
  const strength = largestOf(coarsest.map);
  const zero = new Float32Array(h * w);
  if (strength === 0) return { map: zero, h, w };
  const up = (map: Float32Array | null, from: LayerMap) =>
    map ? enlargeSmooth(map, from.h, from.w, h, w) : zero;
  const finished = () => layers.map((layer) => up(toUnit(layer.map), layer));
  return { map: fused().map((value) => value * strength), h, w };

  function fused(): Float32Array {
    switch (how) {
      case "mean":
        return meanOf(layers.map((layer) => toUnit(up(positive(layer.map), layer)) ?? zero));
      case "max":
        return join(finished(), Math.max);
      case "tanh-max":
        return join(
          layers.map((layer) => {
            const most = largestOf(layer.map) || 1;
            return up(
              positive(layer.map).map((z) => Math.tanh((2 * z) / most)),
              layer,
            );
          }),
          Math.max,
        );
      case "product":
        return toUnit(join(finished(), (a, b) => a * b)) ?? zero;
      case "gate": {
        const deep = up(toUnit(coarsest.map), coarsest);
        const others = layers.filter((layer) => layer !== coarsest);
        return gated(
          deep,
          others.map((layer) => up(toUnit(layer.map), layer)),
        );
      }
    }
  }
}

/** `N( D ⊙ (1 + Σ β_i S_i) )`, all on one grid and on 0..1; equal weights unless stated, which need not add up to 1. */
export function gated(
  deep: Float32Array,
  shallow: readonly Float32Array[],
  weights: readonly number[] = shallow.map(() => 1 / shallow.length),
): Float32Array {
  const product = deep.map(
    (value, p) => value * shallow.reduce((sum, layer, i) => sum + (weights[i] ?? 0) * layer[p], 1),
  );
  return toUnit(product) ?? deep.map(() => 0);
}

/** The extent of the finest of some grids. */
export function finestOf(
  layers: readonly { readonly h: number; readonly w: number }[],
): readonly [h: number, w: number] {
  const finest = layers.reduce((most, one) => (one.h * one.w > most.h * most.w ? one : most));
  return [finest.h, finest.w];
}

function positive(map: Float32Array): Float32Array {
  return map.map((value) => Math.max(0, value));
}

function meanOf(maps: readonly Float32Array[]): Float32Array {
  return join(maps, (a, b) => a + b).map((sum) => sum / maps.length);
}

function join(maps: readonly Float32Array[], two: (a: number, b: number) => number): Float32Array {
  return maps
    .slice(1)
    .reduce((all, map) => all.map((value, p) => two(value, map[p])), maps[0].slice());
}
