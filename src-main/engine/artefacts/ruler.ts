import { defineDetector } from "./detector.ts";
import type { WorkingImage } from "./working-image.ts";

/**
 * Rulers: a comb of at least ten straight thin ticks, bright or dark, of like strength and at even distances, with
 * little between them. Every row of a narrow band must show every tick: fur and feathers repeat too, but not in line.
 * Ribs and vertebrae are wider than a tick.
 */
export const ruler = defineDetector({
  name: "ruler",
  detect(image) {
    const mask = new Uint8Array(image.width * image.height);
    const isFound = directions(image).map((direction) => markCombs(image.grey, direction, mask));
    return isFound.includes(true) ? mask : null;
  },
});

const ticksNeeded = 10;
const tickContrast = 24;
const band = 5;
/** How far beside a tick it must be over: ticks are narrower than twice this. */
const reach = 3;

/** A picture walked along its rows or its columns. */
interface Direction {
  readonly along: number;
  readonly across: number;
  readonly alongStep: number;
  readonly acrossStep: number;
}

function directions({ width, height }: WorkingImage): Direction[] {
  return [
    { along: width, across: height, alongStep: 1, acrossStep: width },
    { along: height, across: width, alongStep: width, acrossStep: 1 },
  ];
}

function markCombs(grey: Uint8Array, direction: Direction, mask: Uint8Array): boolean {
  const { along, across, alongStep, acrossStep } = direction;
  let isFound = false;
  for (let from = 0; from + band <= across; from += 3)
    for (const sign of [1, -1]) {
      const profile = tickProfile(grey, direction, from, sign);
      const comb = profile && evenStretch(profile);
      if (!comb) continue;
      isFound = true;
      for (let v = from; v < from + band; v++)
        for (let u = comb.first; u <= Math.min(comb.last, along - 1); u++)
          mask[u * alongStep + v * acrossStep] = 255;
    }
  return isFound;
}

/** For each place along the band, the least that any row stands out there of both its sides; null early on. */
function tickProfile(
  grey: Uint8Array,
  { along, alongStep, acrossStep }: Direction,
  from: number,
  sign: number,
): Int16Array | null {
  const profile = new Int16Array(along);
  const side = reach * alongStep;
  for (let row = 0; row < band; row++) {
    let left = 0;
    let p = (from + row) * acrossStep + side;
    for (let u = reach; u < along - reach; u++, p += alongStep) {
      if (row > 0 && profile[u] === 0) continue;
      const here = grey[p] * sign;
      const before = here - grey[p - side] * sign;
      const after = here - grey[p + side] * sign;
      const out = before < after ? before : after;
      if (row === 0 || out < profile[u]) profile[u] = out >= tickContrast ? out : 0;
      if (profile[u] > 0) left++;
    }
    if (left < ticksNeeded) return null;
  }
  return profile;
}

/** The longest chain of peaks of even distance and like height; null if it has too few. */
function evenStretch(profile: Int16Array): { first: number; last: number } | null {
  const peaks: number[] = [];
  for (let u = 1; u + 1 < profile.length; u++)
    if (profile[u] > profile[u - 1] && profile[u] >= profile[u + 1]) peaks.push(u);
  let best: { first: number; last: number } | null = null;
  for (let start = 0, i = 1; i < peaks.length; i++) {
    const pitch = (peaks[i - 1] - peaks[start]) / Math.max(1, i - 1 - start);
    const gap = peaks[i] - peaks[i - 1];
    const expected = i - 1 > start ? pitch : gap;
    const isEven = gap >= 4 && gap <= 60 && Math.abs(gap - expected) <= Math.max(1, expected / 12);
    const strength = profile[peaks[i]] / profile[peaks[start]];
    if (!isEven || strength < 0.5 || strength > 2) start = i - 1;
    else if (
      i - start + 1 >= ticksNeeded &&
      (!best || peaks[i] - peaks[start] > best.last - best.first)
    )
      best = { first: peaks[start], last: peaks[i] };
  }
  return best;
}
