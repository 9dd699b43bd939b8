import { randomFrom } from "../../../shared/statistics/sample.ts";

/** Normally distributed numbers, mean 0 and variance 1, the same for the same seed (Box and Muller, both values used). */
export function normalsFrom(seed: number): () => number {
  const random = randomFrom(seed);
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random())); // 1 − u is never 0
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
