import { message } from "../../../shared/messages/catalogue.ts";
import type { Bar, Plot, Scale } from "./document.ts";
import { places, type PlaceCounts } from "./figures.ts";
import { whole } from "./numbers.ts";

/** A share with its interval as a mark on an axis. */
export function plotOf(
  { at, low, high }: { readonly at: number; readonly low: number; readonly high: number },
  isAccent: boolean,
): Plot {
  return { low, high, at, isAccent };
}

const steps = [0.02, 0.05, 0.1, 0.2, 0.25];

/** An axis in per cent from 0, with at most five ticks, long enough for the highest end. */
export function scaleTo(high: number): Scale {
  const step = steps.find((one) => 4 * one >= high - 1e-9) ?? 0.25;
  const ticks = [0, 1, 2, 3, 4].map((i) => ({ at: i * step, label: labelOf(i * step, i === 4) }));
  return { max: 4 * step, ticks };
}

/** The whole axis, with words at its ends and its middle. */
export const fullScale: Scale = {
  max: 1,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({
    at,
    label: at === 0.25 || at === 0.75 ? "" : labelOf(at, at === 1),
  })),
};

/** Counted places as one bar. */
export function barOf(title: string, counts: PlaceCounts): Bar {
  const parts = places.map((id) => ({
    id,
    count: counts[id],
    shown: whole(counts[id]),
    label: message(`document.quadrant.${id}`),
  }));
  const words = parts.map(({ shown, label }) => `${shown} ${label}`).join("; ");
  return { title, parts, summary: message("document.bar.alt", { parts: words }) };
}

function labelOf(at: number, isLast: boolean): string {
  const text = String(Math.round(1000 * at) / 10);
  return isLast ? `${text}\u202f%` : text;
}
