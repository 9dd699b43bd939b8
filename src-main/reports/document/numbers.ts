import type { Count } from "../../../shared/statistics/proportion.ts";
import { wilson } from "../../../shared/statistics/proportion.ts";
import { message } from "../../../shared/messages/catalogue.ts";

/** Numbers as the report prints them. */
const narrow = "\u202f";
const grouped = new Intl.NumberFormat("en");

/** A count: 240, 12,480. */
export function whole(value: number): string {
  return minus(grouped.format(value));
}

/** A score, share or confidence: two decimals, never per cent. */
export function score(value: number): string {
  return minus(value.toFixed(2));
}

/** 0.176 → "17.6 %". */
export function percentOf(share: number): string {
  return `${tenths(share)}${narrow}%`;
}

/** 0.176 → "17.6". */
export function tenths(share: number): string {
  return minus((100 * share).toFixed(1));
}

/** "26 of 148". */
export function kOfN({ k, n }: Count): string {
  return message("document.count", { k: whole(k), n: whole(n) });
}

/** "12.3–24.5", in per cent, Wilson. */
export function intervalOf(count: Count): string {
  const { low, high } = wilson(count);
  return `${tenths(low)}–${tenths(high)}`;
}

/** Whether a sample is so small that its fraction leads and its rate is grey. */
export function isSmall({ n }: Count): boolean {
  return n < 10;
}

/** "17.6 % (26 of 148), 95 % 12.3–24.5"; of fewer than ten "6 of 6 (100.0 %), 95 % 61.0–100.0". */
export function rateOf(count: Count): string {
  if (count.n === 0) return message("document.none-counted");
  const [rate, fraction] = [percentOf(count.k / count.n), kOfN(count)];
  const leads = isSmall(count) ? `${fraction} (${rate})` : `${rate} (${fraction})`;
  return `${leads}, 95${narrow}% ${intervalOf(count)}`;
}

/** A hash in groups of four, as many digits as asked for. */
export function hashOf(sha256: string, digits = sha256.length): string {
  return sha256.slice(0, digits).replace(/(.{4})(?=.)/g, "$1 ");
}

/** "3 March 2026, 14:03 UTC", in the offset the time was written with. */
export function dateOf(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})[\d:.]*(Z|[+-]\d{2}:\d{2})?$/.exec(iso);
  if (!match) return iso;
  const [, year, month, day, time, zone] = match;
  const name = message(monthKeys[Number(month) - 1]);
  const offset = !zone || zone === "Z" || zone === "+00:00" ? "UTC" : minus(zone);
  return `${Number(day)} ${name} ${year}, ${time} ${offset}`;
}

const monthKeys = [
  "document.month.1",
  "document.month.2",
  "document.month.3",
  "document.month.4",
  "document.month.5",
  "document.month.6",
  "document.month.7",
  "document.month.8",
  "document.month.9",
  "document.month.10",
  "document.month.11",
  "document.month.12",
] as const;

function minus(text: string): string {
  return text.replace(/^-/, "−");
}
