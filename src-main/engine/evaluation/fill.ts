import { regionTestRules, type FillId } from "../../../shared/domain/region-test.ts";
import { randomFrom } from "../../../shared/statistics/sample.ts";
import { gaussian } from "./gaussian.ts";
import { impute } from "./imputation.ts";
import type { EvaluatedImage } from "./planes.ts";
import { boxOfStamp, type PixelBox, type Stamp } from "./stamp.ts";

/**
 * What a covered region is filled with. `blur` and `mean` know the picture alone, `noise` and `neighbours` the region's
 * surroundings:
 *
 *   blur         the picture through a Gaussian of a twentieth of the input's width
 *   mean         the picture's mean colour
 *   noise        the smooth surroundings with the grain of random pixels out of a ring around the region
 *   neighbours   ROAD's noisy linear imputation: the weighted mean of the eight neighbours, solved jointly
 */
export interface Filling {
  readonly image: EvaluatedImage;
  /** Where the picture lies on the input; beside it is padding. */
  readonly visible: PixelBox;
  /** Standard normal numbers, as many as the input has values, by a seed. */
  readonly normals: (count: number, seed: number) => Float32Array;
  /** ROAD's noise in units of the input. */
  readonly noise: number;
}

/** Gives copies of the input with a stamp filled; what all stamps share is made once. */
export type Cover = (stamp: Stamp, seed: number) => Float32Array;

export function coverWith(fill: FillId, filling: Filling): Cover {
  const { image } = filling;
  switch (fill) {
    case "blur": {
      const sigma = Math.max(1, image.planes.width * regionTestRules.blurShare);
      const blurred = gaussian(image, 2 * Math.ceil(3 * sigma) + 1, sigma);
      return (stamp) => blend(image, stamp, (at) => blurred[at]);
    }
    case "mean": {
      const means = meanColour(filling);
      return (stamp) => blend(image, stamp, (_, channel) => means[channel]);
    }
    case "noise":
      return (stamp, seed) => coverWithNoise(filling, stamp, seed);
    case "neighbours":
      return (stamp, seed) => {
        const normals = filling.normals(image.tensor.data.length, seed);
        const imputed = impute(image, stamp.pixels, (at) => filling.noise * normals[at]);
        return blend(image, stamp, (at) => imputed.data[at]);
      };
  }
}

/** `cover · fill + (1 − cover) · x` on the stamp's pixels. */
function blend(
  { tensor, planes }: EvaluatedImage,
  { pixels, cover }: Stamp,
  fill: (at: number, channel: number, index: number) => number,
): Float32Array {
  const data = Float32Array.from(tensor.data);
  for (let c = 0; c < planes.channels; c++)
    for (let i = 0; i < pixels.length; i++) {
      const at = c * planes.channelStep + pixels[i] * planes.pixelStep;
      data[at] = cover[i] * fill(at, c, i) + (1 - cover[i]) * data[at];
    }
  return data;
}

function meanColour({ image: { tensor, planes }, visible }: Filling): number[] {
  const { left, top, right, bottom } = visible;
  return Array.from({ length: planes.channels }, (_, c) => {
    let sum = 0;
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++)
        sum += tensor.data[c * planes.channelStep + (y * planes.width + x) * planes.pixelStep];
    return sum / ((right - left) * (bottom - top));
  });
}

/**
 * The smooth surroundings, and on them their grain: how far a pixel of the ring differs from the mean of its own neighbours.
 * Colours of the ring as they are would make a texture of strong edges, which a model may take for writing.
 */
function coverWithNoise({ image, visible }: Filling, stamp: Stamp, seed: number): Float32Array {
  const { tensor, planes } = image;
  const smooth = impute(image, stamp.pixels, () => 0).data;
  const around = ringAround(stamp, visible, planes.width);
  if (around.length === 0) return blend(image, stamp, (at) => smooth[at]); // the whole picture
  const random = randomFrom(seed);
  const sources = stamp.pixels.map(() => around[Math.floor(random() * around.length)]);
  return blend(image, stamp, (at, c, i) => smooth[at] + grainOf(sources[i], c));

  function grainOf(pixel: number, channel: number): number {
    const [x, y] = [pixel % planes.width, Math.floor(pixel / planes.width)];
    let [sum, weights] = [0, 0];
    for (let ny = Math.max(visible.top, y - 1); ny <= Math.min(visible.bottom - 1, y + 1); ny++)
      for (let nx = Math.max(visible.left, x - 1); nx <= Math.min(visible.right - 1, x + 1); nx++) {
        if (nx === x && ny === y) continue;
        const weight = nx === x || ny === y ? 2 : 1;
        sum += weight * valueAt(ny * planes.width + nx, channel);
        weights += weight;
      }
    return valueAt(pixel, channel) - sum / weights;
  }

  function valueAt(pixel: number, channel: number): number {
    return tensor.data[channel * planes.channelStep + pixel * planes.pixelStep];
  }
}

/** Pixels outside the stamp that lie within a quarter of its longer side of its box, at least 2. */
function ringAround(stamp: Stamp, visible: PixelBox, width: number): Int32Array {
  const box = boxOfStamp(stamp, width);
  const reach = Math.max(2, Math.round(Math.max(box.right - box.left, box.bottom - box.top) / 4));
  const isInside = new Set(stamp.pixels);
  const ring: number[] = [];
  for (
    let y = Math.max(visible.top, box.top - reach);
    y < Math.min(visible.bottom, box.bottom + reach);
    y++
  )
    for (
      let x = Math.max(visible.left, box.left - reach);
      x < Math.min(visible.right, box.right + reach);
      x++
    )
      if (!isInside.has(y * width + x)) ring.push(y * width + x);
  return Int32Array.from(ring);
}
