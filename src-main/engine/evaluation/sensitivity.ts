import { evaluationSettings } from "../../../shared/domain/evaluation.ts";
import { randomFrom } from "../../../shared/statistics/sample.ts";

/** One copy of an input with noise `U(−r, r)` on every value; `r` in the input's units. */
export function noisyCopy(input: Float32Array, radius: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  return input.map((value) => value + radius * (2 * random() - 1));
}

/** A finished map and the logits of the same input. */
export interface MapAndLogits {
  readonly map: Float32Array;
  readonly logits: Float32Array;
}

export interface Sensitivity {
  /** Max-sensitivity, Yeh et al. 2019: `max_s ‖h(x+δ_s) − h(x)‖ / ‖h(x)‖`; a zero norm counts as 1. */
  readonly max: number;
  readonly average: number;
  /** Relative output stability: `max_s ‖Δh/h‖ / max(‖Δy‖, ε)`. */
  readonly outputStability: number;
}

/** Of the copies whose prediction did not change; null of none. */
export function sensitivity(of: MapAndLogits, copies: readonly MapAndLogits[]): Sensitivity | null {
  if (copies.length === 0) return null;
  const { leastHeat, leastChange } = evaluationSettings;
  const norm = normOf(of.map) || 1;
  let [max, sum, stability] = [0, 0, 0];
  for (const { map, logits } of copies) {
    let [square, relative] = [0, 0];
    for (let i = 0; i < map.length; i++) {
      const change = map[i] - of.map[i];
      square += change * change;
      relative += (change / Math.max(leastHeat, of.map[i])) ** 2;
    }
    const ratio = Math.sqrt(square) / norm;
    max = Math.max(max, ratio);
    sum += ratio;
    const moved = normOf(logits.map((value, c) => value - of.logits[c]));
    stability = Math.max(stability, Math.sqrt(relative) / Math.max(leastChange, moved));
  }
  return { max, average: sum / copies.length, outputStability: stability };
}

function normOf(values: Float32Array): number {
  let square = 0;
  for (const value of values) square += value * value;
  return Math.sqrt(square);
}
