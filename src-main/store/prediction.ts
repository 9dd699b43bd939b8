import type { ModelDescription } from "../../shared/domain/model.ts";

export interface Prediction {
  readonly class: number;
  /** Probability of the predicted class, 0..1. */
  readonly confidence: number;
}

/**
 * What logits `[C]` predict. The largest wins, ties go to the lower index; `confidence` is its softmax, or its sigmoid
 * where the model file ended in one. A single logit stands for class 1 against class 0.
 */
export function predict(
  logits: Float32Array,
  stripped: ModelDescription["output"]["stripped"],
): Prediction | null {
  if (logits.length === 0 || logits.some((value) => !Number.isFinite(value))) return null;
  if (logits.length === 1) {
    const positive = sigmoid(logits[0] ?? 0);
    return positive > 0.5
      ? { class: 1, confidence: positive }
      : { class: 0, confidence: 1 - positive };
  }
  let best = 0;
  let top = -Infinity;
  logits.forEach((value, index) => {
    if (value > top) [best, top] = [index, value];
  });
  if (stripped === "sigmoid") return { class: best, confidence: sigmoid(top) };
  const sum = logits.reduce((total, value) => total + Math.exp(value - top), 0);
  return { class: best, confidence: 1 / sum };
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
