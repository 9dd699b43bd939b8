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
  for (let from = 0; from + band <= across; from += band)
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

interface Tick {
  readonly at: number;
  readonly strength: number;
}

/** Stretches that stand out, each at its centre of weight: noise moves a tick's brightest pixel, not its middle. */
function ticksOf(profile: Int16Array): Tick[] {
  const ticks: Tick[] = [];
  for (let u = 0; u < profile.length; u++) {
    let weight = 0;
    let moment = 0;
    for (; profile[u] > 0; u++) {
      weight += profile[u];
      moment += profile[u] * u;
    }
    if (weight > 0) ticks.push({ at: moment / weight, strength: weight });
  }
  return ticks;
}

/** The longest chain of ticks of even distance and like strength; null if it has too few. */
function evenStretch(profile: Int16Array): { first: number; last: number } | null {
  const ticks = ticksOf(profile);
  let best: { first: number; last: number } | null = null;
  for (let start = 0, i = 1; i < ticks.length; i++) {
    const gap = ticks[i].at - ticks[i - 1].at;
    const before = i - 1 - start;
    const expected = before > 0 ? (ticks[i - 1].at - ticks[start].at) / before : gap;
    const strength = ticks[i].strength / ticks[start].strength;
    const isNext =
      gap >= 4 &&
      gap <= 60 &&
      Math.abs(gap - expected) <= Math.max(1, expected / 12) &&
      strength >= 0.4 &&
      strength <= 2.5;
    if (!isNext) start = i - 1;
    const length = ticks[i].at - ticks[start].at;
    if (i - start + 1 >= ticksNeeded && (!best || length > best.last - best.first))
      best = { first: Math.floor(ticks[start].at), last: Math.ceil(ticks[i].at) };
  }
  return best;
}
