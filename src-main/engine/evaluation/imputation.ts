import type { EvaluatedImage } from "./planes.ts";

/** Edge-adjacent neighbours weigh 1/6, diagonal ones 1/12. */
const edge = 1 / 6;
const corner = 1 / 12;
const tolerance = 1e-5;
const mostIterations = 2000;
/** Over-relaxation of the preconditioner; 1.5 to 1.9 differ little. */
const omega = 1.8;

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
 * The matrix is symmetric, diagonally dominant and the same for all channels: conjugate gradient, preconditioned by
 * symmetric over-relaxation (a fifth of the steps that the diagonal needs for a blob, half of the time), starting from the
 * mean of what was kept. `noise(i)` is what is added to value i of the data.
 */
export function impute(
  { tensor, planes }: EvaluatedImage,
  pixelsRemoved: Int32Array,
  noise: (at: number) => number,
): Imputed {
  const { channels, height, width, channelStep, pixelStep } = planes;
  const pixels = height * width;
  const data = Float32Array.from(tensor.data);
  const removed = pixelsRemoved.toSorted(); // in raster order the solver's memory is near
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

/** The picture with a frame of one pixel, so that every pixel has eight neighbours: those in the frame are 0. */
interface System {
  /** Width with the frame. */
  readonly stride: number;
  readonly length: number;
  /** Places of the removed pixels. */
  readonly places: Int32Array;
  /** Sum of the weights of the neighbours inside the picture, per removed pixel. */
  readonly diagonal: Float64Array;
  /** 1 where a pixel was kept. */
  readonly isKept: Uint8Array;
}

function systemOf(removed: Int32Array, height: number, width: number): System {
  const stride = width + 2;
  const isInside = new Float64Array((height + 2) * stride);
  const isKept = new Uint8Array(isInside.length);
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * stride + 1;
    isInside.fill(1, from, from + width);
    isKept.fill(1, from, from + width);
  }
  const places = removed.map(
    (pixel) => (Math.floor(pixel / width) + 1) * stride + (pixel % width) + 1,
  );
  for (const place of places) isKept[place] = 0;
  const diagonal = Float64Array.from(places, (place) => neighboursOf(isInside, place, stride));
  return { stride, length: isInside.length, places, diagonal, isKept };
}

/** `Σ_j w_ij v_j` over the eight neighbours of a place. */
function neighboursOf(v: Float64Array, at: number, stride: number): number {
  const above = at - stride;
  const below = at + stride;
  return (
    edge * (v[at - 1] + v[at + 1] + v[above] + v[below]) +
    corner * (v[above - 1] + v[above + 1] + v[below - 1] + v[below + 1])
  );
}

/**
 * `z = M⁻¹ r` on the framed picture; returns `rᵀz`. With A = D − L − U (L: neighbours that come before),
 *
 *   M = ω/(2 − ω) · (D/ω − L) D⁻¹ (D/ω − U)
 *
 * is solved by going through the unknowns forwards, then back.
 */
function precondition(
  { stride, places, diagonal }: System,
  residual: Float64Array,
  z: Float64Array,
): number {
  const count = places.length;
  for (let i = 0; i < count; i++) {
    const at = places[i];
    const before =
      edge * (z[at - 1] + z[at - stride]) + corner * (z[at - stride - 1] + z[at - stride + 1]);
    z[at] = (omega * (residual[i] + before)) / diagonal[i];
  }
  let rz = 0;
  for (let i = count - 1; i >= 0; i--) {
    const at = places[i];
    const after =
      edge * (z[at + 1] + z[at + stride]) + corner * (z[at + stride - 1] + z[at + stride + 1]);
    z[at] = (2 - omega) * z[at] + (omega * after) / diagonal[i];
    rz += residual[i] * z[at];
  }
  return rz;
}

function solve(
  system: System,
  valueOf: (pixel: number) => number,
  pixels: number,
): { readonly values: Float64Array; readonly iterations: number } {
  const { stride, length, places, diagonal, isKept } = system;
  const count = places.length;
  const width = stride - 2;
  const kept = new Float64Array(length);
  let mean = 0;
  for (let p = 0; p < pixels; p++) {
    const place = (Math.floor(p / width) + 1) * stride + (p % width) + 1;
    if (!isKept[place]) continue;
    kept[place] = valueOf(p);
    mean += kept[place] / (pixels - count);
  }
  const values = new Float64Array(count).fill(mean);
  const residual = new Float64Array(count);
  // Unknowns on the framed picture, 0 wherever there is none.
  const direction = new Float64Array(length);
  for (const place of places) direction[place] = mean;
  let rightNorm = 0;
  for (let i = 0; i < count; i++) {
    const right = neighboursOf(kept, places[i], stride);
    rightNorm += right * right;
    residual[i] = right - (diagonal[i] * mean - neighboursOf(direction, places[i], stride));
  }
  direction.fill(0);
  const product = new Float64Array(count);
  const limit = tolerance * tolerance * rightNorm;
  const z = new Float64Array(length);
  let norm = 0;
  for (const value of residual) norm += value * value;
  let last = Infinity;
  let iterations = 0;
  for (; norm > limit && iterations < mostIterations; iterations++) {
    const rz = precondition(system, residual, z);
    const beta = rz / last;
    last = rz;
    for (let i = 0; i < count; i++) {
      const place = places[i];
      direction[place] = z[place] + beta * direction[place];
    }
    let curvature = 0;
    for (let i = 0; i < count; i++) {
      const place = places[i];
      const own = direction[place];
      const value = diagonal[i] * own - neighboursOf(direction, place, stride);
      product[i] = value;
      curvature += own * value;
    }
    const step = rz / curvature;
    norm = 0;
    for (let i = 0; i < count; i++) {
      values[i] += step * direction[places[i]];
      const left = residual[i] - step * product[i];
      residual[i] = left;
      norm += left * left;
    }
  }
  return { values, iterations };
}
