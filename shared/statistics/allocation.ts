/** A stratum to be given a share of a sample. */
export interface Share {
  readonly size: number;
  /** The rate guessed beforehand, for Neyman's allocation; 7.1 takes it from the mean suspicion. */
  readonly guess: number;
}

/** Every stratum gets at least so many of a proportional sample (7.1). */
export const proportionalFloor = 10;
/** Fewer than two have no variance. */
export const neymanFloor = 2;

/** As many of each stratum as it is large, `n_s ∝ N_s`, and at least `floor` of each. Sums to `size` or to everyone. */
export function proportional(
  sizes: readonly number[],
  size: number,
  floor = proportionalFloor,
): number[] {
  return apportion(sizes, sizes, size, floor);
}

/** Neyman (1934): `n_s ∝ N_s √(p_s(1 − p_s))`, the guess held in 0.05 … 0.5. Sums to `size` or to everyone. */
export function neyman(shares: readonly Share[], size: number, floor = neymanFloor): number[] {
  const weights = shares.map(({ size: members, guess }) => {
    const p = Math.min(0.5, Math.max(0.05, Number.isNaN(guess) ? 0.5 : guess));
    return members * Math.sqrt(p * (1 - p));
  });
  return apportion(
    shares.map(({ size: members }) => members),
    weights,
    size,
    floor,
  );
}

/**
 * Whole numbers by Wright's method (The American Statistician 66, 2012): from the floors up, each next item goes where
 * `weight² / (n(n + 1))` is largest, which leaves the smallest variance that whole numbers can. Floors that do not fit are
 * lowered alike; equal claims go to the earlier stratum.
 */
function apportion(
  sizes: readonly number[],
  weights: readonly number[],
  size: number,
  floor: number,
): number[] {
  const population = sizes.reduce((sum, members) => sum + members, 0);
  const total = Math.min(population, Math.max(0, Math.floor(size)));
  const atLeast = (low: number) => sizes.map((members) => Math.min(members, low));
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  let low = Math.max(0, Math.floor(floor));
  while (low > 0 && sum(atLeast(low)) > total) low--;
  const counts = atLeast(low);
  for (let given = sum(counts); given < total; given++) {
    let best = -1;
    let claim = -1;
    for (let s = 0; s < sizes.length; s++) {
      if (counts[s] >= sizes[s]) continue;
      const own = weights[s] / Math.sqrt(counts[s] * (counts[s] + 1)); // ∞ for a stratum without one
      if (own > claim || (own === claim && own === Infinity && weights[s] > weights[best])) {
        best = s;
        claim = own;
      }
    }
    counts[best]++;
  }
  return counts;
}
