import type { FieldAxis, ReceptiveField } from "../domain/receptive-field.ts";
import type { GridValues } from "./blend.ts";

/**
 * `partition`: every pixel's weights sum to 1, so a constant map stays constant up to the border: for pictures. `mass`: every cell's
 * weights sum to 1, so the pixels add up to the cells: for numbers. `raw`: Gaussians as they are.
 */
export type GaussianNorm = "partition" | "mass" | "raw";

/**
 * A coarse map drawn with a Gaussian on each cell's receptive field, Kim et al. 2020, https://arxiv.org/abs/2001.05153
 *
 *   G[y,i] = exp( −(y − c_i)² / 2σ² ),  c_i = centre of the first cell + i · jump
 *   L = G_down · E · G_acrossᵀ                                                       [toH,toW]
 *
 * The target covers the whole input; with as many pixels as the input has, pixel y is the input's pixel y.
 */
export function enlargeGaussian(
  { values, height, width }: GridValues,
  toH: number,
  toW: number,
  field: Pick<ReceptiveField, "down" | "across">,
  norm: GaussianNorm = "partition",
): Float32Array {
  const down = gaussianWeights(height, toH, field.down, norm);
  const across = gaussianWeights(width, toW, field.across, norm);
  const rows = new Float64Array(height * toW); // E · G_acrossᵀ
  for (let i = 0; i < height; i++)
    for (let x = 0; x < toW; x++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += values[i * width + j] * across[x * width + j];
      rows[i * toW + x] = sum;
    }
  const out = new Float32Array(toH * toW);
  for (let y = 0; y < toH; y++)
    for (let x = 0; x < toW; x++) {
      let sum = 0;
      for (let i = 0; i < height; i++) sum += down[y * height + i] * rows[i * toW + x];
      out[y * toW + x] = sum;
    }
  return out;
}

/** Weights `[pixels,cells]` of one axis. */
export function gaussianWeights(
  cells: number,
  pixels: number,
  { inputPx, jumpPx, centrePx, sigmaPx }: FieldAxis,
  norm: GaussianNorm,
): Float64Array {
  const exponents = Float64Array.from({ length: pixels * cells }, (_, at) => {
    const place = ((Math.floor(at / cells) + 0.5) / pixels) * inputPx - 0.5;
    const away = (place - centrePx - (at % cells) * jumpPx) / sigmaPx;
    return -(away * away) / 2;
  });
  if (norm === "raw") return exponents.map(Math.exp);
  // Shifted by the nearest before they are raised: however narrow, something is left to share out.
  const weights = new Float64Array(exponents.length);
  const groups = norm === "partition" ? pixels : cells;
  for (let group = 0; group < groups; group++) {
    const first = norm === "partition" ? group * cells : group;
    const step = norm === "partition" ? 1 : cells;
    const count = norm === "partition" ? cells : pixels;
    let nearest = -Infinity;
    for (let i = 0; i < count; i++) nearest = Math.max(nearest, exponents[first + i * step]);
    let sum = 0;
    for (let i = 0; i < count; i++)
      sum += weights[first + i * step] = Math.exp(exponents[first + i * step] - nearest);
    for (let i = 0; i < count; i++) weights[first + i * step] /= sum;
  }
  return weights;
}
