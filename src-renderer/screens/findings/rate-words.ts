import type { FindingNumbers } from "../../../shared/domain/finding-numbers.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { wilson, type Count } from "../../../shared/statistics/proportion.ts";

/** Shares as findings show them: one decimal, the per cent sign a narrow space away. */
export function tenths(share: number): string {
  return (100 * share).toFixed(1);
}

/** "96.0 % 86.5–98.9"; under ten the fraction stands beside it and the rate is grey. */
export function rateWords(count: Count): { rate: string; interval: string } {
  const { low, high } = wilson(count);
  return {
    rate: `${tenths(count.k / count.n)}\u202f%`,
    interval: `${tenths(low)}–${tenths(high)}`,
  };
}

/** The rate's interval in words with how it was made, or why there is none. */
export function sampleWords({ rate, rateCause }: FindingNumbers): string {
  if (!rate) return rateCause ? message(`findings.rate.cause.${rateCause}`) : "";
  return message("findings.rate.interval", {
    low: tenths(rate.interval.low),
    high: tenths(rate.interval.high),
    method: message(`findings.method.${rate.method}`),
  }).replaceAll(" %", "\u202f%");
}
