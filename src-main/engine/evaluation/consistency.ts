import { pearson } from "../../../shared/statistics/correlation.ts";
import type { Size } from "./finished-map.ts";
import { eachValue, type EvaluatedImage } from "./planes.ts";

/** The input mirrored left to right. */
export function mirrored({ tensor, planes }: EvaluatedImage): Float32Array {
  const { width, pixelStep } = planes;
  const out = new Float32Array(tensor.data.length);
  eachValue(planes, (at, pixel) => {
    const x = pixel % width;
    out[at] = tensor.data[at + (width - 1 - 2 * x) * pixelStep];
  });
  return out;
}

/** The input moved by `(dx, dy)` pixels to the right and down, edges repeated. */
export function shifted(
  { tensor, planes }: EvaluatedImage,
  { dx, dy }: { readonly dx: number; readonly dy: number },
): Float32Array {
  const { width, pixelStep } = planes;
  const out = new Float32Array(tensor.data.length);
  eachValue(planes, (at, pixel) => {
    const y = Math.floor(pixel / width);
    const x = pixel % width;
    const back = Math.min(x, dx) + Math.min(y, dy) * width;
    out[at] = tensor.data[at - back * pixelStep];
  });
  return out;
}

/** Pearson of a map `[h,w]` with that of the mirrored input, mirrored back. */
export function flipConsistency(map: Float32Array, ofMirrored: Float32Array, [, w]: Size): number {
  const back = ofMirrored.map((_, cell) => {
    const x = cell % w;
    return ofMirrored[cell + w - 1 - 2 * x];
  });
  return pearson(map, back);
}

/** Pearson of a map with that of the input moved by `(dx, dy)` cells to the right and down, where both show the same. */
export function shiftConsistency(
  map: Float32Array,
  ofShifted: Float32Array,
  [h, w]: Size,
  { dx, dy }: { readonly dx: number; readonly dy: number },
): number {
  const here: number[] = [];
  const there: number[] = [];
  for (let y = 0; y + dy < h; y++)
    for (let x = 0; x + dx < w; x++) {
      here.push(map[y * w + x]);
      there.push(ofShifted[(y + dy) * w + x + dx]);
    }
  return pearson(here, there);
}
