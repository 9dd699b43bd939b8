import { randomFrom, shuffled } from "./sample.ts";

/** No image's chance is under 0.02 (7.1), or it would speak for more than 50. */
export const leastInclusion = 0.02;

/**
 * Chances to be drawn in proportion to a score: `π_i = c·S_i`, held in 0.02 … 1 and summing to `size`. The floor gives way
 * where `size` is under 2 % of the images. Scores below 0 or not numbers count as 0.
 */
export function inclusionProbabilities(scores: readonly number[], size: number): number[] {
  const total = Math.min(scores.length, Math.max(0, size));
  if (total === scores.length) return scores.map(() => 1);
  const floor = Math.min(leastInclusion, total / scores.length);
  const used = scores.map((score) => (score > 0 ? score : 0));
  const largest = used.reduce((a, b) => Math.max(a, b), 0);
  // Where fewer have a score than are wanted, the others share the rest alike.
  const base = largest > 0 ? used.map((score) => score / largest + 1e-6) : used.map(() => 1);
  const at = (c: number) => base.map((value) => Math.min(1, Math.max(floor, c * value)));
  let [low, high] = [0, 1e7];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (at(middle).reduce((a, b) => a + b, 0) < total) low = middle;
    else high = middle;
  }
  return at(high);
}

/**
 * Indices drawn with those chances, each once, as many as they sum to: Madow's systematic sampling (1949) along a seeded
 * random order.
 */
export function drawUnequal(probabilities: readonly number[], seed: number): number[] {
  const start = randomFrom(seed ^ 0x57a27)();
  let reached = -start;
  return shuffled(probabilities.length, seed).filter((i) => {
    const before = Math.ceil(reached);
    reached += probabilities[i];
    return Math.ceil(reached) > before; // a whole number lies within this image's stretch
  });
}
