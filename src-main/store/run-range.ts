import type { Run } from "../../shared/contract/audits.ts";
import type { RunId } from "../../shared/domain/ids.ts";
import { percentile } from "../../shared/statistics/percentile.ts";
import { valueAtRank } from "./quantile.ts";
import type { Results } from "./results.ts";

/**
 * How far the raw values of a run reach: the 99th percentile of every cell (the largest raw maximum where that is not
 * positive), the lowest value, and the weak-map limit of RX-4, the 5th percentile of raw maxima.
 */
export function measureRange(
  results: Results,
  run: RunId,
): Pick<Run, "rawP99" | "rawMin" | "weakBelow"> {
  const { maxima, lowest } = results.extremes(run);
  if (maxima.length === 0) return { rawP99: null, rawMin: null, weakBelow: null };
  const p99 = valueAtRank(() => results.values(run), 0.99);
  const top = maxima.reduce((most, value) => Math.max(most, value), -Infinity);
  return {
    rawP99: p99 !== null && p99 > 0 ? p99 : top,
    rawMin: lowest,
    weakBelow: percentile(maxima, 0.05),
  };
}
