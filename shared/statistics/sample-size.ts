import { normalQuantile } from "./normal.ts";

/** How many must be read with no finding to say "the rate is under `rate`" at this confidence: `⌈ln β / ln(1 − rate)⌉`. */
export function sizeForZeroFindings(rate: number, confidence = 0.95): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log1p(-rate));
}

/** How many must be read to know a rate near `rate` to ± `halfWidth`; of a finite population when it is given. */
export function sizeForEstimate(options: {
  readonly rate: number;
  readonly halfWidth: number;
  readonly confidence?: number;
  readonly population?: number;
}): number {
  const { rate, halfWidth, confidence = 0.95, population } = options;
  const z = normalQuantile((1 + confidence) / 2);
  const size = (z * z * rate * (1 - rate)) / (halfWidth * halfWidth);
  return Math.ceil(population === undefined ? size : finiteSize(size, population));
}

/** How many items a second reader sees blind (7.4): 50 or a tenth, whichever is more; all when there are fewer. */
export function secondReadingSize(size: number): number {
  return Math.min(size, Math.max(50, Math.ceil(size / 10)));
}

/** A sample size corrected for a finite population: `n / (1 + (n − 1)/N)`; 0 of nobody. */
export function finiteSize(size: number, population: number): number {
  if (population <= 0) return 0;
  return size / (1 + (size - 1) / population);
}
