import { minimise } from "./lbfgs.ts";
import { softmax } from "./scores.ts";

/** Vectors `[N,K]` with a class 0 … C−1 and a weight each; nothing is added to them, so there is no bias. */
export interface LabelledVectors {
  readonly values: Float32Array;
  readonly k: number;
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/**
 * Softmax regression without bias: the `W [C,K]` that minimises
 *
 *   (1/Σ w_n) Σ_n w_n · −log softmax(W f_n)[y_n]  +  (λ/2) |W|²
 *
 * Convex, so the start does not matter beyond rounding. From zero, `Σ_c W_c` stays 0: the gradient of the loss sums to 0 over
 * classes, and so does every step made of gradients.
 */
export function fitSoftmax(
  data: LabelledVectors,
  classes: number,
  penalty: number,
  start: Float64Array = new Float64Array(classes * data.k),
): { readonly weights: Float64Array; readonly loss: number } {
  const { x, value } = minimise(start, (weights, gradient) => {
    let loss = softmaxLoss(data, classes, weights, gradient);
    for (let i = 0; i < weights.length; i++) {
      loss += (penalty / 2) * weights[i] ** 2;
      gradient[i] += penalty * weights[i];
    }
    return loss;
  });
  return { weights: x, loss: value };
}

/** The loss without penalty; its gradient `(1/Σw) Σ_n w_n (p_n − e_y) f_nᵀ` is written into `gradient` where given. */
export function softmaxLoss(
  { values, k, labels, weights: counted }: LabelledVectors,
  classes: number,
  weights: ArrayLike<number>,
  gradient?: Float64Array,
): number {
  gradient?.fill(0);
  let total = 0;
  for (let n = 0; n < labels.length; n++) total += counted[n];
  let loss = 0;
  for (let n = 0; n < labels.length; n++) {
    const scores = scoresOf(weights, values.subarray(n * k, (n + 1) * k), classes);
    const share = counted[n] / total;
    const probabilities = softmax(scores);
    loss -= share * Math.log(Math.max(probabilities[labels[n]], Number.MIN_VALUE));
    if (!gradient) continue;
    for (let c = 0; c < classes; c++) {
      const slope = share * (probabilities[c] - Number(c === labels[n]));
      for (let i = 0; i < k; i++) gradient[c * k + i] += slope * values[n * k + i];
    }
  }
  return loss;
}

/** `W f`: `[C,K]`, `[K]` → `[C]`. */
export function scoresOf(
  weights: ArrayLike<number>,
  vector: ArrayLike<number>,
  classes: number,
): Float64Array {
  const k = vector.length;
  const scores = new Float64Array(classes);
  for (let c = 0; c < classes; c++) {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += weights[c * k + i] * vector[i];
    scores[c] = sum;
  }
  return scores;
}
