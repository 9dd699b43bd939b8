/** Counts of values in equal bins from `low` to `high`; NaN (n/a) is left out. */
export interface Bins {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
  readonly n: number;
}

/** Bins over a round range that holds every value; null when there is none. */
export function binsOf(values: Float32Array, bins: number): Bins | null {
  const real = values.filter((value) => !Number.isNaN(value));
  if (real.length === 0) return null;
  let min = Infinity;
  let max = -Infinity;
  for (const value of real) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const step = niceStep(max - min || Math.abs(max) || 1);
  const low = Math.floor(min / step) * step;
  const high = Math.max(Math.ceil(max / step) * step, low + step);
  const counts = new Array<number>(bins).fill(0);
  for (const value of real) {
    const at = Math.min(Math.floor(((value - low) / (high - low)) * bins), bins - 1);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { low, high, counts, n: real.length };
}

/** A tenth of the span, rounded up to 1, 2 or 5 times a power of ten. */
function niceStep(span: number): number {
  const tenth = span / 10;
  const power = 10 ** Math.floor(Math.log10(tenth));
  const factor = [1, 2, 5, 10].find((one) => one * power >= tenth * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Decimals that tell neighbouring bins apart, at least `least`. */
export function digitsOf(bins: Bins, least: number): number {
  const width = (bins.high - bins.low) / bins.counts.length;
  return Math.min(Math.max(least, Math.ceil(-Math.log10(width))), 6);
}

/** The middle value, NaN left out; null for none. */
export function medianOf(values: Float32Array): number | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted();
  if (sorted.length === 0) return null;
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? 0)) / 2;
}
