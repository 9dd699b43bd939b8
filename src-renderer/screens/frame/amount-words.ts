import { message } from "../../../shared/messages/catalogue.ts";
import { preferences } from "../../preferences.svelte.ts";

const counts = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const dayMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const dayMonthYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
});

/** 12400 → "12,400". */
export function countWords(n: number): string {
  return counts.format(n);
}

/** "2026-03-12 14:03" in the reader's time zone: dates as files have them, for whoever prefers that on the screen. */
export function isoWords(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** "14:03", in the reader's time zone. */
export function timeWords(at: string | number): string {
  return clock.format(new Date(at));
}

/** "today 14:03", "yesterday 17:40", "12 March", with the year when it is another one; or all digits, as Settings say. */
export function dayWords(
  at: string | Date,
  now: Date = new Date(),
  style: "words" | "iso" = preferences.values.dates,
): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return message("frame.day.never");
  if (style === "iso") return isoWords(date);
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  const time = clock.format(date);
  if (date >= midnight) return message("frame.day.today", { time });
  if (date >= yesterday) return message("frame.day.yesterday", { time });
  return (date.getFullYear() === now.getFullYear() ? dayMonth : dayMonthYear).format(date);
}

/** "640 B", "18 kB", "4.1 MB", "2.0 GB", decimal thousands as file managers count. */
export function bytesWords(bytes: number): string {
  if (bytes < 1_000) return message("frame.bytes.b", { n: bytes });
  if (bytes < 1e6) return message("frame.bytes.kb", { n: Math.round(bytes / 1e3) });
  if (bytes < 1e9) return message("frame.bytes.mb", { n: short(bytes / 1e6) });
  return message("frame.bytes.gb", { n: short(bytes / 1e9) });
}

/** Time left of a job in words; one number when both ends round to the same, else a range. */
export function etaWords([low, high]: readonly [low: number, high: number]): string {
  if (durationWords(low) !== durationWords(high))
    return message("frame.eta.range", { low: durationWords(low), high: durationWords(high) });
  const [unit, n] = rounded(high);
  return message(`frame.eta.${unit}`, { n });
}

/** "4 s", "2 min", "3 h", rounded as a person would say it. */
export function durationWords(seconds: number): string {
  const [unit, n] = rounded(seconds);
  return message(`frame.time.${unit}`, { n });
}

function rounded(seconds: number): ["seconds" | "minutes" | "hours", number] {
  if (seconds < 10) return ["seconds", Math.max(1, Math.round(seconds))];
  if (seconds < 57.5) return ["seconds", Math.round(seconds / 5) * 5];
  if (seconds < 59.5 * 60) return ["minutes", Math.round(seconds / 60)];
  return ["hours", Math.round(seconds / 3600)];
}

function short(n: number): string {
  return n < 9.95 ? n.toFixed(1) : counts.format(Math.round(n));
}
