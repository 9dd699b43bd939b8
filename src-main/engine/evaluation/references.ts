import { evaluationSettings } from "../../../shared/domain/evaluation.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { randomFrom } from "../../../shared/statistics/sample.ts";
import { averageOver } from "../kernels/area.ts";
import type { Size } from "./finished-map.ts";
import { pixelCount, type EvaluatedImage } from "./planes.ts";

/** Maps `[h,w]` that know nothing of the class: what a method must beat to have shown something. */

/** Uniform random numbers, by the seed. */
export function randomMap([h, w]: Size, seed: number): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from({ length: h * w }, () => random());
}

/** A Gaussian in the middle, σ a quarter of each side. */
export function centreMap([h, w]: Size): Float32Array {
  const { centreSigma } = evaluationSettings;
  return Float32Array.from({ length: h * w }, (_, cell) => {
    const y = (Math.floor(cell / w) + 0.5) / h - 0.5;
    const x = ((cell % w) + 0.5) / w - 0.5;
    return Math.exp(-(x * x + y * y) / (2 * centreSigma * centreSigma));
  });
}

/** Sobel edge magnitude of the mean of the channels, edges repeated, area-averaged to the grid. */
export function edgeMap({ tensor, planes }: EvaluatedImage, size: Size): Float32Array {
  const { channels, height, width, channelStep, pixelStep } = planes;
  const grey = Float64Array.from({ length: pixelCount(planes) }, (_, pixel) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += tensor.data[c * channelStep + pixel * pixelStep];
    return sum / channels;
  });
  const edges = new Float32Array(grey.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (dy: number, dx: number) =>
        grey[
          Math.min(height - 1, Math.max(0, y + dy)) * width +
            Math.min(width - 1, Math.max(0, x + dx))
        ];
      const across = at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1);
      const down = at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1);
      edges[y * width + x] = Math.hypot(across, down);
    }
  return averageOver(edges, [height, width], size);
}

/** Mean over the channels of one image's activations `[1,K,h,w]`. */
export function meanActivationMap({ dims: [, k, h, w], data }: Tensor): Float32Array {
  const map = new Float32Array(h * w);
  for (let channel = 0; channel < k; channel++)
    for (let p = 0; p < map.length; p++) map[p] += data[channel * map.length + p] / k;
  return map;
}
