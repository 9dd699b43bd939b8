/** The positive part of values, from 0 at their smallest to 1 at their largest; null where they do not differ. */
export function toUnit(values: ArrayLike<number>): Float32Array | null {
  const positive = Float32Array.from(values, (value) => Math.max(0, value));
  let min = Infinity;
  let max = 0;
  for (const value of positive) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (!(max - min > 1e-12 * Math.max(1, max))) return null;
  return positive.map((value) => (value - min) / (max - min));
}

/** The largest positive value; 0 where there is none. */
export function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]);
  return largest;
}
