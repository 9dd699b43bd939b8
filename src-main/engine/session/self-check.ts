import type { Forward } from "../../../shared/domain/engine.ts";
import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";

/** One image at a tap: what the compiled gradient says, and the tail to measure it by. */
export interface CheckedGradient {
  readonly from: Forward;
  /** `[1,K,H,W]` */
  readonly activations: Tensor;
  readonly gradients: Tensor;
  /** `[1,C]` */
  readonly seed: Tensor;
  tail(from: Forward, activations: Tensor, rows: Int32Array): Promise<Tensor>;
}

/** What the measurement found. */
export type SelfCheck =
  | { readonly kind: "agrees" | "differs"; readonly error: number }
  /** Rounding to integers on the way: no slope to measure. */
  | { readonly kind: "unmeasurable" }
  /** Neither the gradient nor the measured slopes are anything but zero. */
  | { readonly kind: "no-influence" };

const accepted = 1e-2;
/** Good enough to stop looking for a better step. */
const agreed = 1e-3;
/** Kinks spoil large steps, rounding small ones: the best agreement counts. */
const steps = [1e-2, 3e-3, 3e-2, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5];
const randomDirections = 3;
/** Length of a direction in lengths of the activations. */
const reach = 0.1;

/**
 * Directional derivatives: `Σ G·D` against central differences of the score along D, sums in float64. The naive form
 * rejects right gradients, so: D = 0 where A holds a number twice (rectified zeros, maxima of overlapping windows: ties
 * of the next MaxPool); the step is swept; one direction is G itself, and random ones are judged against ‖G‖‖D‖.
 */
export async function checkGradient(checked: CheckedGradient): Promise<SelfCheck> {
  const { activations, gradients, seed } = checked;
  const gradient = gradients.data;
  if (!gradient.every(Number.isFinite)) return { kind: "differs", error: Infinity };
  const isTied = tiesOf(activations);
  const length = norm(activations.data) || 1;
  const directions = [
    scaled(gradient, isTied, length),
    ...Array.from({ length: randomDirections }, (_, i) =>
      scaled(noise(gradient.length, i + 1), isTied, length),
    ),
  ].filter((direction) => norm(direction) > 0);
  const isZero = gradient.every((value) => value === 0);
  const expected = directions.map((direction) => dot(direction, gradient));
  const scales = directions.map((direction, i) =>
    i === 0 && !isZero ? Math.abs(expected[i] ?? 0) : norm(gradient) * norm(direction),
  );
  const best = directions.map(() => Infinity);
  let largestSlope = 0;
  for (const step of steps) {
    const slopes = await measure(checked, directions, step);
    slopes.forEach((slope, i) => {
      largestSlope = Math.max(largestSlope, Math.abs(slope));
      const error = Math.abs(slope - (expected[i] ?? NaN)) / (scales[i] || Number.MIN_VALUE);
      best[i] = Math.min(best[i] ?? Infinity, error);
    });
    if (Math.max(...best) < agreed) break;
  }
  if (isZero && largestSlope === 0) return { kind: "no-influence" };
  const error = Math.max(0, ...best);
  return { kind: error < accepted && seed.data.length > 0 ? "agrees" : "differs", error };
}

/** `[t(A + εD) − t(A − εD)] / 2ε` for every direction, in one run of the tail. */
async function measure(
  { from, activations, seed, tail }: CheckedGradient,
  directions: readonly Float64Array[],
  step: number,
): Promise<number[]> {
  const size = activations.data.length;
  const moved = new Float32Array(2 * directions.length * size);
  directions.forEach((direction, row) => {
    for (let i = 0; i < size; i++) {
      const [value, way] = [activations.data[i] ?? 0, step * (direction[i] ?? 0)];
      moved[2 * row * size + i] = value + way;
      moved[(2 * row + 1) * size + i] = value - way;
    }
  });
  const rows = new Int32Array(2 * directions.length);
  const dims = [rows.length, ...activations.dims.slice(1)];
  const { data } = await tail(from, { dims, data: moved }, rows);
  const classes = seed.data.length;
  const score = (row: number) =>
    seed.data.reduce((sum, weight, c) => sum + weight * (data[row * classes + c] ?? NaN), 0);
  return directions.map((_, i) => (score(2 * i) - score(2 * i + 1)) / (2 * step));
}

/** Entries that share their number with another one of the same channel, zeros among them. */
function tiesOf({ dims, data }: Tensor): (i: number) => boolean {
  const places = sizeOf(dims.slice(2));
  const tied = new Uint8Array(data.length);
  for (let from = 0; from < data.length; from += places) {
    const first = new Map<number, number>();
    for (let i = from; i < from + places; i++) {
      const value = data[i] ?? 0;
      const other = first.get(value);
      if (other === undefined) first.set(value, i);
      else tied[i] = tied[other] = 1;
      if (value === 0) tied[i] = 1;
    }
  }
  return (i) => tied[i] === 1;
}

function scaled(
  values: ArrayLike<number>,
  isTied: (i: number) => boolean,
  length: number,
): Float64Array {
  const direction = Float64Array.from(values, (value, i) => (isTied(i) ? 0 : value));
  const own = norm(direction);
  return own === 0 ? direction : direction.map((value) => (value * reach * length) / own);
}

function noise(length: number, seed: number): Float64Array {
  let state = (seed * 2654435761) >>> 0;
  return Float64Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  });
}

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(dot(values, values));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
