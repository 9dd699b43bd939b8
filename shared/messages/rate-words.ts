import type { CoefficientInterval } from "../statistics/bootstrap-coefficient.ts";
import type { Coefficient } from "../statistics/coefficient.ts";
import type { Interval } from "../statistics/proportion.ts";
import type { Rate } from "../domain/rates.ts";
import { message } from "./catalogue.ts";

/** A share as per cent with one decimal, "12.3". */
export function percentWords(share: number): string {
  return (100 * share).toFixed(1);
}

/** An interval of shares in per cent, "6.9–24.5". */
export function intervalWords({ low, high }: Interval): string {
  return message("rates.interval", { low: percentWords(low), high: percentWords(high) });
}

/** A rate in one sentence, never without its count: "17.6 %, 26 of 148; 95 % interval 12.3–24.5 %, Wilson". */
export function rateWords(rate: Rate): string {
  const { p, k, n, interval, method, patients } = rate;
  return message("rates.sentence", {
    p: percentWords(p),
    k,
    of: n,
    interval: intervalWords(interval),
    method: message(`rates.method.${method}`, { n: patients }),
  });
}

/** "0.81", or why there is none. */
export function coefficientWords(coefficient: Coefficient): string {
  if (coefficient.kind === "value") return twoPlaces(coefficient.value);
  return message(`rates.agreement.${coefficient.kind}`);
}

/** "0.81, 95 % interval 0.62 to 0.94", or why there is none. */
export function agreementWords({ estimate, interval }: CoefficientInterval): string {
  const value = coefficientWords(estimate);
  if (!interval) return value;
  const [low, high] = [twoPlaces(interval.low), twoPlaces(interval.high)];
  return message("rates.agreement.value", { value, low, high });
}

/** With a minus sign, not a hyphen. */
function twoPlaces(value: number): string {
  return value.toFixed(2).replace("-", "−");
}
