import type { Coefficient } from "./coefficient.ts";
import { percentile } from "./percentile.ts";
import type { Interval } from "./proportion.ts";
import type { Ratings } from "./ratings.ts";
import { randomFrom } from "./sample.ts";

/** A coefficient with its interval over items. */
export interface CoefficientInterval {
  readonly estimate: Coefficient;
  /** Percentiles; null without an estimate, with fewer than two items, or where half of the resamples have no figure. */
  readonly interval: Interval | null;
  /** Resamples without variation, left out: a share 0..1 to print when it is not small. */
  readonly undefinedShare: number;
}

/**
 * 95 % bootstrap interval of an agreement: percentiles over 2 000 seeded resamples of the items that two readers share, or of
 * whole groups of them (patients).
 */
export function bootstrapCoefficient(
  ratings: Ratings,
  statistic: (items: Ratings) => Coefficient,
  options: {
    readonly seed: number;
    readonly groups?: readonly (string | null)[];
    readonly resamples?: number;
    readonly confidence?: number;
  },
): CoefficientInterval {
  const { seed, groups, resamples = 2000, confidence = 0.95 } = options;
  const estimate = statistic(ratings);
  const units = sharedUnits(ratings, groups);
  if (estimate.kind !== "value" || units.length < 2)
    return { estimate, interval: null, undefinedShare: estimate.kind === "value" ? 0 : 1 };
  const random = randomFrom(seed);
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = units.flatMap(() => units[Math.floor(random() * units.length)]);
    const result = statistic(drawn);
    if (result.kind === "value") values.push(result.value);
  }
  const tail = (1 - confidence) / 2;
  return {
    estimate,
    interval:
      values.length * 2 <= resamples
        ? null
        : { low: percentile(values, tail), high: percentile(values, 1 - tail) },
    undefinedShare: 1 - values.length / resamples,
  };
}

/** Items with two verdicts, by group. */
function sharedUnits(
  ratings: Ratings,
  groups: readonly (string | null)[] | undefined,
): (readonly (number | null)[])[][] {
  const units = new Map<string | number, (readonly (number | null)[])[]>();
  ratings.forEach((item, i) => {
    if (item.filter((verdict) => verdict !== null).length < 2) return;
    const key = groups?.[i] ?? i;
    const own = units.get(key);
    if (own) own.push(item);
    else units.set(key, [item]);
  });
  return [...units.values()];
}
