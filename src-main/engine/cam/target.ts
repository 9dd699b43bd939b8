import type { Target } from "../../../shared/domain/target.ts";
import { argMax } from "../kernels/scores.ts";

/** The class a map explains and the weights of the logits in its score `t = Σ seed_c·y_c`, `[C]`. */
export interface ChosenTarget {
  readonly target: number;
  readonly seed: Float32Array;
}

/**
 * What is explained for one image, or null where it has no label. A model with one output has classes 0 (−y) and 1 (+y):
 * never a softmax of one unit.
 */
export function chooseTarget(
  target: Target,
  logits: ArrayLike<number>,
  label: number | null,
): ChosenTarget | null {
  const classes = logits.length;
  if (classes === 1) {
    const chosen = wanted(target, logits[0] > 0 ? 1 : 0, label);
    return chosen === null
      ? null
      : { target: chosen, seed: Float32Array.of(chosen === 1 ? 1 : -1) };
  }
  const best = argMax(logits);
  const chosen = wanted(target, best, label);
  if (chosen === null || chosen < 0 || chosen >= classes) return null;
  const seed = new Float32Array(classes);
  seed[chosen] = 1;
  if (target.kind === "top-2") seed[runnerUp(logits, best)] = -1;
  return { target: chosen, seed };
}

function wanted(target: Target, predicted: number, label: number | null): number | null {
  switch (target.kind) {
    case "predicted":
    case "top-2":
      return predicted;
    case "label":
      return label;
    case "class":
      return target.index;
  }
}

function runnerUp(logits: ArrayLike<number>, best: number): number {
  let second = best === 0 ? 1 : 0;
  for (let c = 0; c < logits.length; c++) if (c !== best && logits[c] > logits[second]) second = c;
  return second;
}
