import { logGamma } from "./beta.ts";

/** `P(X ≤ k)` of the findings among n drawn without replacement from a population of which `marked` are findings. */
export function hypergeometricAtMost(
  k: number,
  n: number,
  population: { readonly size: number; readonly marked: number },
): number {
  const { size, marked } = population;
  const least = Math.max(0, n - (size - marked));
  const most = Math.min(n, marked);
  if (k < least) return 0;
  if (k >= most) return 1;
  const all = logChoose(size, n);
  const share = (j: number) =>
    Math.exp(logChoose(marked, j) + logChoose(size - marked, n - j) - all);
  let sum = 0;
  for (let j = least; j <= k; j++) sum += share(j);
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
