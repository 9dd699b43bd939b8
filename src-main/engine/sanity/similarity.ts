import { pearson, spearman } from "../../../shared/statistics/correlation.ts";
import { extent } from "../kernels/maps.ts";

/** Two raw maps on one grid, `[h,w]`. */
export interface MapPair {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly h: number;
  readonly w: number;
}

export interface Similarity {
  readonly spearman: number;
  readonly ssim: number;
  readonly hog: number;
}

/** A spread under this share of the largest value is rounding, not a map. */
const leastSpread = 1e-6;

/** Whether a map has something to be compared. */
export function isFlat(values: ArrayLike<number>): boolean {
  const [low, high] = extent(values);
  return !(high - low > leastSpread * Math.max(Math.abs(low), Math.abs(high)));
}

/** How alike |a| and |b| are; null where either is flat. */
export function similarityOf({ a, b, h, w }: MapPair): Similarity | null {
  const [one, other] = [a.map(Math.abs), b.map(Math.abs)];
  if (isFlat(one) || isFlat(other)) return null;
  return {
    spearman: spearman(one, other),
    ssim: ssim(unit(one), unit(other), h, w),
    hog: hogCorrelation(one, other, h, w),
  };
}

/** Spearman of the signed maps of two classes; null where either is flat. */
export function classSimilarity(a: Float32Array, b: Float32Array): number | null {
  return isFlat(a) || isFlat(b) ? null : spearman(a, b);
}

/** By its extremes to 0..1. */
function unit(values: Float32Array): Float32Array {
  const [low, high] = extent(values);
  return values.map((value) => (value - low) / (high - low));
}

const widestWindow = 7;
const c1 = 0.01 ** 2;
const c2 = 0.03 ** 2;

/**
 * Structural similarity, Wang et al. 2004, of two maps in 0..1: mean over every whole window of at most 7 × 7 cells, equal
 * weights, sample variances.
 */
export function ssim(a: Float32Array, b: Float32Array, h: number, w: number): number {
  const [tall, wide] = [Math.min(widestWindow, h), Math.min(widestWindow, w)];
  const n = tall * wide;
  if (n < 2) return NaN;
  let [total, windows] = [0, 0];
  for (let top = 0; top + tall <= h; top++)
    for (let left = 0; left + wide <= w; left++) {
      let [sumA, sumB, aa, bb, ab] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + tall; y++)
        for (let x = left; x < left + wide; x++) {
          const [u, v] = [a[y * w + x], b[y * w + x]];
          sumA += u;
          sumB += v;
          aa += u * u;
          bb += v * v;
          ab += u * v;
        }
      const [meanA, meanB] = [sumA / n, sumB / n];
      const varianceA = (aa - n * meanA * meanA) / (n - 1);
      const varianceB = (bb - n * meanB * meanB) / (n - 1);
      const covariance = (ab - n * meanA * meanB) / (n - 1);
      total +=
        ((2 * meanA * meanB + c1) * (2 * covariance + c2)) /
        ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2));
      windows += 1;
    }
  return total / windows;
}

const orientations = 9;
const cellSide = 4;

/** Pearson of two maps' histograms of oriented gradients; NaN where one of them has no edge. */
export function hogCorrelation(a: Float32Array, b: Float32Array, h: number, w: number): number {
  return pearson(hog(a, h, w), hog(b, h, w));
}

/**
 * Histograms of oriented gradients, Dalal and Triggs 2005, small enough for a map: central differences, nine unsigned
 * orientations, cells of at most 4 × 4 positions, each histogram divided by its length.
 */
export function hog(map: Float32Array, h: number, w: number): Float64Array {
  const [rows, columns] = [Math.ceil(h / cellSide), Math.ceil(w / cellSide)];
  const out = new Float64Array(rows * columns * orientations);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const dx = x > 0 && x < w - 1 ? map[y * w + x + 1] - map[y * w + x - 1] : 0;
      const dy = y > 0 && y < h - 1 ? map[(y + 1) * w + x] - map[(y - 1) * w + x] : 0;
      const angle = (Math.atan2(dy, dx) + Math.PI) % Math.PI;
      const bin = Math.min(orientations - 1, Math.floor((angle / Math.PI) * orientations));
      const cell = Math.floor(y / cellSide) * columns + Math.floor(x / cellSide);
      out[cell * orientations + bin] += Math.hypot(dx, dy);
    }
  for (let cell = 0; cell < rows * columns; cell++) {
    const own = out.subarray(cell * orientations, (cell + 1) * orientations);
    const length = Math.hypot(...own);
    if (length > 0) for (let bin = 0; bin < orientations; bin++) own[bin] /= length;
  }
  return out;
}
