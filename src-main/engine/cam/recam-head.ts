import type { FitOptions, Fitted, HeadMix } from "../../../shared/domain/fit.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { sample } from "../../../shared/statistics/sample.ts";
import { argMax } from "../kernels/scores.ts";
import {
  fitSoftmax,
  scoresOf,
  softmaxLoss,
  type LabelledVectors,
} from "../kernels/softmax-regression.ts";
import type { FitCache } from "./fit.ts";

/** Fewer vectors teach nothing of a class. */
const leastVectors = 5;
const heldOutShare = 0.2;
/** Strongest first, each beginning where the one before ended. */
const penalties = [1e-3, 1e-4, 1e-5];
const maskFloor = 1e-5;

/**
 * What of the features `F [K,n]` speaks for a class, given its map `A [n]`:
 *
 *   M = relu(A) / (max relu(A) + 1e-5);   f = mean over all p of M(p) F(:, p)
 *
 * null where the map is nowhere positive: f would be 0 for every class alike.
 */
export function maskedFeature(
  features: Float32Array,
  map: ArrayLike<number>,
  k: number,
): Float32Array | null {
  const n = features.length / k;
  let most = 0;
  for (let p = 0; p < n; p++) most = Math.max(most, map[p]);
  if (most === 0) return null;
  const mask = Float64Array.from({ length: n }, (_, p) => Math.max(0, map[p]) / (most + maskFloor));
  return Float32Array.from({ length: k }, (_, channel) => {
    let sum = 0;
    for (let p = 0; p < n; p++) sum += mask[p] * features[channel * n + p];
    return sum / n;
  });
}

/**
 * The second head `W″ [C,K]` of a frozen network, by softmax regression on cached vectors, each image counting once. Vectors are
 * brought to a root mean square of 1. The penalty with the least loss on 20 % of the images, kept out by seed, is taken; W″ is what
 * the others taught, so that its held-out accuracy is its own. Rows of classes that took no part are 0.
 *
 * @throws AppError `method/too-few-classes` under two classes with five vectors
 */
export function fitHead(cache: FitCache, options: FitOptions): Fitted {
  const { k, outputs, headWeights } = cache;
  const classes = takingPart(cache, options.classes);
  if (classes.length < 2)
    fail("method/too-few-classes", {
      method: "ReCAM",
      classes: classes.length,
      least: leastVectors,
    });
  const column = new Map(classes.map((output, c) => [output, c]));
  const rows = Array.from(cache.labels.keys()).filter((row) => column.has(cache.labels[row]));
  const scale = 1 / rootMeanSquare(cache, rows);

  const images = [...new Set(rows.map((row) => cache.items[row]))];
  const kept = new Set(sample(images, Math.round(heldOutShare * images.length), cache.seed));
  const part = (isHeldOut: boolean) =>
    gather(
      cache,
      rows.filter((row) => kept.has(cache.items[row]) === isHeldOut),
      column,
      scale,
    );
  const [learning, heldOut] = [part(false), part(true)];

  let best: { weights: Float64Array; penalty: number; loss: number } | null = null;
  let start: Float64Array | undefined;
  for (const penalty of penalties) {
    const { weights } = fitSoftmax(learning, classes.length, penalty, start);
    start = weights;
    const loss = softmaxLoss(heldOut, classes.length, weights);
    if (!best || loss < best.loss) best = { weights, penalty, loss };
  }
  if (!best) throw new RangeError("no penalty was tried");
  const values = new Float32Array(outputs * k);
  classes.forEach((output, c) => values.set(best.weights.subarray(c * k, (c + 1) * k), output * k));
  const own =
    headWeights &&
    classes.flatMap((output) => [...headWeights.data.subarray(output * k, (output + 1) * k)]);
  return {
    dims: [outputs, k],
    values,
    facts: {
      source: cache.source,
      items: cache.itemsRead,
      vectors: rows.length,
      empty: cache.empty,
      failed: cache.failed,
      classes,
      heldOut: accuracyOf(heldOut, classes.length, best.weights),
      base: own && accuracyOf(heldOut, classes.length, own),
      penalty: best.penalty,
      mix: options.mix ?? (headWeights ? "product" : "softmax-only"),
    },
  };
}

/**
 * Weights `[K]` of the map of one output, of the model's own `W_c` (null without a linear head) and the new head's `W″_c`:
 *
 *   product  W″ ⊙ W      product-signed  sign(W) |W″ ⊙ W| where the two agree, else 0
 *   softmax-only  W″     sum  W″ + W     base  W
 *
 * Two weights below 0 make a positive product: the mask of a place that both heads reject. `product-signed` has no such trap.
 */
export function mixHeads(
  own: ArrayLike<number> | null,
  second: ArrayLike<number>,
  mix: HeadMix,
): Float64Array {
  return Float64Array.from({ length: second.length }, (_, i) => {
    if (mix === "softmax-only" || !own) return second[i];
    const product = second[i] * own[i];
    switch (mix) {
      case "product":
        return product;
      case "product-signed":
        return product > 0 ? Math.sign(own[i]) * product : 0;
      case "sum":
        return second[i] + own[i];
      case "base":
        return own[i];
    }
  });
}

/** Outputs with enough vectors, and chosen where a choice was made. */
function takingPart({ labels, outputs }: FitCache, chosen: readonly number[] | null): number[] {
  const counts = new Int32Array(outputs);
  for (const label of labels) counts[label]++;
  const wanted = chosen && new Set(chosen);
  return [...counts.keys()].filter(
    (output) => counts[output] >= leastVectors && (!wanted || wanted.has(output)),
  );
}

function rootMeanSquare({ values, k }: FitCache, rows: readonly number[]): number {
  let sum = 0;
  for (const row of rows) for (let i = row * k; i < (row + 1) * k; i++) sum += values[i] ** 2;
  return Math.sqrt(sum / (rows.length * k)) || 1;
}

/** The vectors of these rows, each weighing one over the number of its image's vectors. */
function gather(
  { values, k, items, labels }: FitCache,
  rows: readonly number[],
  column: ReadonlyMap<number, number>,
  scale: number,
): LabelledVectors {
  const perImage = new Map<number, number>();
  for (const row of rows) perImage.set(items[row], (perImage.get(items[row]) ?? 0) + 1);
  const out = new Float32Array(rows.length * k);
  rows.forEach((row, n) => {
    for (let i = 0; i < k; i++) out[n * k + i] = values[row * k + i] * scale;
  });
  return {
    values: out,
    k,
    labels: rows.map((row) => column.get(labels[row]) ?? 0),
    weights: rows.map((row) => 1 / (perImage.get(items[row]) ?? 1)),
  };
}

function accuracyOf(
  { values, k, labels }: LabelledVectors,
  classes: number,
  weights: ArrayLike<number>,
): { readonly right: number; readonly n: number } {
  let right = 0;
  for (let n = 0; n < labels.length; n++) {
    const scores = scoresOf(weights, values.subarray(n * k, (n + 1) * k), classes);
    if (argMax(scores) === labels[n]) right++;
  }
  return { right, n: labels.length };
}
