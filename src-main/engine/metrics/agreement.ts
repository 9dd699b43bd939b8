import type { NaCause } from "../../../shared/domain/metrics.ts";
import { positivePart } from "../../../shared/heatmap/regions.ts";
import { spearman } from "../../../shared/statistics/correlation.ts";

/** A raw map with its grid. */
export interface GridMap {
  readonly map: Float32Array;
  readonly h: number;
  readonly w: number;
}

/**
 * Agreement: Spearman correlation of the heat of two methods' maps, on the coarser of the two grids; the finer one is
 * area-averaged down to it, never enlarged.
 */
export function agreement(a: GridMap, b: GridMap): number | NaCause {
  const [h, w] = [Math.min(a.h, b.h), Math.min(a.w, b.w)];
  const rho = spearman(onGrid(a, h, w), onGrid(b, h, w));
  return Number.isNaN(rho) ? "no-map" : rho;
}

function onGrid({ map, h, w }: GridMap, toH: number, toW: number): Float32Array {
  return averageDown(positivePart(map), h, w, toH, toW);
}

/** Values `[h,w]` area-averaged onto a grid that is no finer. */
export function averageDown(
  values: Float32Array,
  h: number,
  w: number,
  toH: number,
  toW: number,
): Float32Array {
  const out = new Float32Array(toH * toW);
  for (let y = 0; y < toH; y++)
    for (let x = 0; x < toW; x++) {
      const [top, bottom] = [(y * h) / toH, ((y + 1) * h) / toH];
      const [left, right] = [(x * w) / toW, ((x + 1) * w) / toW];
      let sum = 0;
      for (let i = Math.floor(top); i < bottom; i++)
        for (let j = Math.floor(left); j < right; j++) {
          const rows = Math.min(bottom, i + 1) - Math.max(top, i);
          const columns = Math.min(right, j + 1) - Math.max(left, j);
          sum += values[i * w + j] * rows * columns;
        }
      out[y * toW + x] = sum / ((bottom - top) * (right - left));
    }
  return out;
}
