import type { Rate, Rates } from "../../../shared/domain/rates.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { intervalWords } from "../../../shared/messages/rate-words.ts";
import { plotOf } from "./charts.ts";
import type { Cell, Column, Scale } from "./document.ts";
import { muted } from "./names.ts";
import { isSmall, kOfN, percentOf } from "./numbers.ts";

/** Rates of the random sample as the report prints them: always with k of n, the interval, and how that was made. */

/** "Wilson", "stratified, weighted back to the dataset". */
export function methodOf({ method, patients }: Rate): string {
  return message(`rates.method.${method}`, { n: patients });
}

/** "17.6 % (26 of 148), 95 % 12.3–24.5, Wilson"; of fewer than ten the fraction leads. */
export function ratePhrase(rate: Rate): string {
  const [share, fraction] = [percentOf(rate.p), kOfN(rate)];
  const leads = isSmall(rate) ? `${fraction} (${share})` : `${share} (${fraction})`;
  const interval = intervalWords(rate.interval);
  return message("document.rate", { rate: leads, interval, method: methodOf(rate) });
}

/** Why there is no rate, in words. */
export function causeOf({ cause, read, size }: Rates): string {
  return message(`rates.cause.${cause ?? "no-sample"}`, { read, n: size });
}

/** k of n, its interval drawn, its rate, and its interval with its method. */
export function sampledColumns(head: string, scale: Scale): Column[] {
  return [
    { head, align: "right", width: null },
    { head: "", align: "left", width: 3, scale },
    { head: message("document.column.rate"), align: "right", width: null },
    { head: message("document.column.interval"), align: "right", width: 4 },
  ];
}

export function sampledCells(rate: Rate | null, isAccent: boolean): Cell[] {
  if (!rate) return [muted("–"), "", muted("–"), muted(message("document.rate.none"))];
  const share = percentOf(rate.p);
  return [
    kOfN(rate),
    plotOf({ at: rate.p, ...rate.interval }, isAccent),
    isSmall(rate) ? muted(share) : share,
    [muted(intervalWords(rate.interval)), muted(methodOf(rate))],
  ];
}
