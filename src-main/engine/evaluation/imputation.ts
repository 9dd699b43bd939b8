import type { EvaluatedImage } from "./planes.ts";

/** Edge-adjacent neighbours weigh 1/6, diagonal ones 1/12. */
const neighbours = [
  [-1, -1, 1 / 12],
  [-1, 0, 1 / 6],
  [-1, 1, 1 / 12],
  [0, -1, 1 / 6],
  [0, 1, 1 / 6],
  [1, -1, 1 / 12],
  [1, 0, 1 / 6],
  [1, 1, 1 / 12],
] as const;
const tolerance = 1e-5;
const mostIterations = 2000;

export interface Imputed {
  readonly data: Float32Array;
  /** Nothing was kept: every pixel is its channel's mean. */
  readonly isAllRemoved: boolean;
  /** Conjugate gradient steps, of the channel that took most. */
  readonly iterations: number;
}

/**
 * Noisy linear imputation, Rong et al. 2022 (ROAD): each removed pixel is the weighted mean of its neighbours inside the
 * picture, solved jointly, plus noise. For removed i
 *
 *   (Σ_valid w_ij) v_i − Σ_{j removed} w_ij v_j = Σ_{j kept} w_ij x_j
 *
 * The matrix is symmetric, diagonally dominant and the same for all channels: conjugate gradient, preconditioned by the
 * diagonal, starting from the mean of what was kept. `noise(i)` is what is added to value i of the data.
 */
export function impute(
  { tensor, planes }: EvaluatedImage,
  removed: Int32Array,
  noise: (at: number) => number,
): Imputed {
  const { channels, height, width, channelStep, pixelStep } = planes;
  const pixels = height * width;
  const data = Float32Array.from(tensor.data);
  const count = removed.length;
  if (count === 0) return { data, isAllRemoved: false, iterations: 0 };
  const system = systemOf(removed, height, width);
  let iterations = 0;
  for (let c = 0; c < channels; c++) {
    const at = (pixel: number) => c * channelStep + pixel * pixelStep;
    let solved: Float64Array;
    if (count === pixels) {
      let sum = 0;
      for (let p = 0; p < pixels; p++) sum += tensor.data[at(p)];
      solved = new Float64Array(count).fill(sum / pixels);
    } else {
      const found = solve(system, (pixel) => tensor.data[at(pixel)], pixels);
      solved = found.values;
      iterations = Math.max(iterations, found.iterations);
    }
    for (let i = 0; i < count; i++) data[at(removed[i])] = solved[i] + noise(at(removed[i]));
  }
  return { data, isAllRemoved: count === pixels, iterations };
}

interface System {
  readonly removed: Int32Array;
  /** Sum of the weights of the neighbours inside the picture. */
  readonly diagonal: Float64Array;
  /** Per removed pixel eight neighbours: index among the removed, −1 for none. */
  readonly links: Int32Array;
  /** The same as pixels that were kept, −1 for none. */
  readonly kept: Int32Array;
  readonly isRemoved: Uint8Array;
}

function systemOf(removed: Int32Array, height: number, width: number): System {
  const count = removed.length;
  const indexOf = new Int32Array(height * width).fill(-1);
  const isRemoved = new Uint8Array(height * width);
  removed.forEach((pixel, i) => {
    indexOf[pixel] = i;
    isRemoved[pixel] = 1;
  });
  const diagonal = new Float64Array(count);
  const links = new Int32Array(count * 8).fill(-1);
  const kept = new Int32Array(count * 8).fill(-1);
  for (let i = 0; i < count; i++) {
    const y = Math.floor(removed[i] / width);
    const x = removed[i] % width;
    for (let k = 0; k < 8; k++) {
      const [dy, dx, weight] = neighbours[k];
      if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) continue;
      const pixel = (y + dy) * width + x + dx;
      diagonal[i] += weight;
      if (isRemoved[pixel]) links[i * 8 + k] = indexOf[pixel];
      else kept[i * 8 + k] = pixel;
    }
  }
  return { removed, diagonal, links, kept, isRemoved };
}

function solve(
  { removed, diagonal, links, kept, isRemoved }: System,
  valueOf: (pixel: number) => number,
  pixels: number,
): { readonly values: Float64Array; readonly iterations: number } {
  const count = removed.length;
  let mean = 0;
  for (let p = 0; p < pixels; p++) if (!isRemoved[p]) mean += valueOf(p) / (pixels - count);
  const values = new Float64Array(count).fill(mean);
  const residual = new Float64Array(count);
  const product = new Float64Array(count);
  const multiply = (v: Float64Array, out: Float64Array) => {
    for (let i = 0; i < count; i++) {
      let sum = diagonal[i] * v[i];
      for (let k = 0; k < 8; k++) {
        const j = links[i * 8 + k];
        if (j >= 0) sum -= neighbours[k][2] * v[j];
      }
      out[i] = sum;
    }
  };
  let rightNorm = 0;
  multiply(values, product);
  for (let i = 0; i < count; i++) {
    let right = 0;
    for (let k = 0; k < 8; k++) {
      const pixel = kept[i * 8 + k];
      if (pixel >= 0) right += neighbours[k][2] * valueOf(pixel);
    }
    rightNorm += right * right;
    residual[i] = right - product[i];
  }
  const limit = tolerance * tolerance * rightNorm;
  const direction = new Float64Array(count);
  let last = 0;
  let iterations = 0;
  for (; iterations < mostIterations; iterations++) {
    let norm = 0;
    let rz = 0;
    for (let i = 0; i < count; i++) {
      norm += residual[i] * residual[i];
      rz += (residual[i] * residual[i]) / diagonal[i];
    }
    if (norm <= limit) break;
    const beta = iterations === 0 ? 0 : rz / last;
    last = rz;
    for (let i = 0; i < count; i++) direction[i] = residual[i] / diagonal[i] + beta * direction[i];
    multiply(direction, product);
    let curvature = 0;
    for (let i = 0; i < count; i++) curvature += direction[i] * product[i];
    const step = rz / curvature;
    for (let i = 0; i < count; i++) {
      values[i] += step * direction[i];
      residual[i] -= step * product[i];
    }
  }
  return { values, iterations };
}
