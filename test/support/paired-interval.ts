import { percentile } from "../../shared/statistics/percentile.ts";
import { randomFrom } from "../../shared/statistics/sample.ts";

/** Mean of per-image values with its 95 % percentile-bootstrap interval over images, 2000 seeded draws. */
export function meanInterval(
  values: readonly number[],
  seed = 1,
): {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
} {
  const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length;
  const random = randomFrom(seed);
  const draws = Float64Array.from({ length: 2000 }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)];
    return sum / values.length;
  });
  return { mean: mean(values), low: percentile(draws, 0.025), high: percentile(draws, 0.975) };
}
