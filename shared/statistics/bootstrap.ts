import { percentile } from "./percentile.ts";
import type { Interval } from "./proportion.ts";
import { randomFrom } from "./sample.ts";

export interface BootstrapOptions {
  readonly seed: number;
  /** Whom each value belongs to (patient, source): whole groups are drawn; null: a group of its own. */
  readonly groups?: readonly (string | null)[];
  readonly resamples?: number;
}

/**
 * 95 % bootstrap interval of a mean: percentiles of the means of 2 000 resamples of the groups. One value is its own
 * interval; of none there is none.
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  { seed, groups, resamples = 2000 }: BootstrapOptions,
): Interval | null {
  const sums = groupSums(values, groups);
  if (sums.length === 0) return null;
  const random = randomFrom(seed);
  const means = Array.from({ length: resamples }, () => {
    let [sum, count] = [0, 0];
    for (let draw = 0; draw < sums.length; draw++) {
      const drawn = sums[Math.floor(random() * sums.length)];
      sum += drawn.sum;
      count += drawn.count;
    }
    return sum / count;
  });
  return { low: percentile(means, 0.025), high: percentile(means, 0.975) };
}

function groupSums(
  values: ArrayLike<number>,
  groups: BootstrapOptions["groups"],
): { sum: number; count: number }[] {
  const sums = new Map<string | number, { sum: number; count: number }>();
  for (let i = 0; i < values.length; i++) {
    const key = groups?.[i] ?? i;
    const own = sums.get(key) ?? { sum: 0, count: 0 };
    sums.set(key, { sum: own.sum + values[i], count: own.count + 1 });
  }
  return [...sums.values()];
}
