import type { TapHead } from "../../../shared/domain/engine.ts";
import { sizeOf } from "../../../shared/domain/tensor.ts";
import { generalHead } from "../session/closed-form.ts";
import { fromGrid, toGrid } from "./grid.ts";
import { scoresFrom, type Cut } from "./tail.ts";
import { inScope, toHost } from "./scope.ts";

/** Values of gradients in one run; position-dependent weights beyond as many are not kept. */
const mostValues = 2 ** 22;
const mostWeights = 2 ** 24;
/** Pooling shares its gradient out equally: equal up to rounding. */
const tolerance = 1e-5;

/**
 * Weights of a tail that is affine in the tap, and the bias it makes of zeros. One gradient, of many classes at once, tells
 * whether all positions weigh the same (it is linear in the seed): then the head is pooled, CAM exists, and what the tail
 * makes of one channel alone is that channel's weights. Else a seed of each class gives its own.
 */
export function solveAffine(cut: Cut): TapHead {
  const { tap, tail, model } = cut;
  if (!tail.isAffine) return generalHead;
  const [k, h, w] = tap.grid;
  const { classes } = model.outline.logits;
  const one = model.image.fixedBatch ?? 1;
  const mixed = Float32Array.from({ length: one * classes }, (_, i) => Math.sin(i + 1));
  const isPooled = isSameEverywhere(gradientsOfSeeds(cut, mixed, one), h * w);
  if (!isPooled && classes * k * h * w > mostWeights) return generalHead;
  const bias = biasOf(cut, one);
  if (isPooled)
    return {
      kind: "pooled-linear",
      weights: { dims: [classes, k], data: pooled(cut, bias) },
      bias,
    };
  return { kind: "affine", weights: { dims: [classes, k, h, w], data: placed(cut) }, bias };
}

/** Far above any bias, so that taking the bias off again costs no digits; a power of two, so that dividing costs none. */
const loud = 2 ** 10;

/** `[C,K]`: scores of maps that are `loud` in one channel, less the bias, per unit and place. */
function pooled(cut: Cut, bias: Float32Array): Float32Array {
  const { tap, model, runtime } = cut;
  const { tf } = runtime;
  const [k, h, w] = tap.grid;
  const { classes } = model.outline.logits;
  const rows =
    model.image.fixedBatch ?? Math.min(k, Math.max(1, Math.floor(mostValues / (k * h * w))));
  const weights = new Float32Array(classes * k);
  for (let from = 0; from < k; from += rows) {
    const scores = inScope(tf, () => {
      const channels = Array.from({ length: rows }, (_, row) => from + row);
      const chosen = tf.mul(tf.oneHot(tf.tensor1d(channels, "int32"), k), loud);
      const grid = tf.tile(tf.reshape(chosen, [rows, k, 1, 1]), [1, 1, h, w]);
      const value = fromGrid(tf, tf.cast(grid, "float32"), tap, null);
      return toHost(scoresFrom(cut, value, new Map())).data;
    });
    for (let row = 0; row < rows && from + row < k; row++)
      for (let c = 0; c < classes; c++)
        weights[c * k + from + row] =
          ((scores[row * classes + c] ?? 0) - (bias[c] ?? 0)) / loud / (h * w);
  }
  return weights;
}

/** `[C,K,H,W]`: the gradient of each class. */
function placed(cut: Cut): Float32Array {
  const { tap, model } = cut;
  const size = sizeOf(tap.grid);
  const { classes } = model.outline.logits;
  const rows =
    model.image.fixedBatch ?? Math.min(classes, Math.max(1, Math.floor(mostValues / size)));
  const weights = new Float32Array(classes * size);
  for (let from = 0; from < classes; from += rows) {
    const part = gradientsOfSeeds(cut, oneHots(from, rows, classes), rows);
    weights.set(part.subarray(0, weights.length - from * size), from * size);
  }
  return weights;
}

/** Gradients `[rows,K,H,W]` of the seeds' scores at activations of zeros. */
function gradientsOfSeeds(cut: Cut, seeds: Float32Array, rows: number): Float32Array {
  const { tap, model, runtime } = cut;
  const { tf } = runtime;
  const { classes } = model.outline.logits;
  return inScope(tf, () => {
    const seed = tf.tensor(seeds, [rows, classes]);
    const slope = tf.grad((value) => tf.sum(tf.mul(scoresFrom(cut, value, new Map()), seed)));
    return toGrid(tf, slope(zerosAt(cut, rows)), tap).dataSync() as Float32Array; // float32 throughout
  });
}

function zerosAt(
  {
    tap: {
      grid: [k, h, w],
      layout,
    },
    runtime: { tf },
  }: Cut,
  rows: number,
) {
  if (layout === "tokens") return tf.zeros([rows, h * w, k]);
  return layout === "channels-last" ? tf.zeros([rows, h, w, k]) : tf.zeros([rows, k, h, w]);
}

/** Rows of one class each, from class `from` on; rows beyond the last class stay 0. */
function oneHots(from: number, rows: number, classes: number): Float32Array {
  const data = new Float32Array(rows * classes);
  for (let row = 0; row < rows && from + row < classes; row++) data[row * classes + from + row] = 1;
  return data;
}

function isSameEverywhere(gradients: Float32Array, places: number): boolean {
  let [largest, spread] = [0, 0];
  gradients.forEach((value, i) => {
    spread = Math.max(spread, Math.abs(value - (gradients[i - (i % places)] ?? 0)));
    largest = Math.max(largest, Math.abs(value));
  });
  return spread <= tolerance * largest;
}

function biasOf(cut: Cut, rows: number): Float32Array {
  const { tf } = cut.runtime;
  return inScope(tf, () => {
    const data = scoresFrom(cut, zerosAt(cut, rows), new Map()).dataSync() as Float32Array; // float32 throughout
    return data.slice(0, data.length / rows);
  });
}
