import { scoreOf, type Answer, type Passes } from "./passes.ts";
import { replaced, type EvaluatedImage } from "./planes.ts";
import type { Size } from "./finished-map.ts";

/** What is ranked and removed: single pixels, or whole cells of the map (no arbitrary order inside a cell). */
export interface RemovalUnits {
  readonly unit: "pixel" | "cell";
  readonly count: number;
  /** Pixels of the hottest `count` units. */
  hottest(count: number): Int32Array;
}

/** The score while units are removed or restored: `fractions[s]` of them, from 0 to 1. */
export interface Curve {
  readonly fractions: readonly number[];
  readonly scores: readonly number[];
}

/** How many units are gone at each step: `ceil(count/steps)` more each time, the last step what is left. */
export function stepCounts(count: number, steps: number): readonly number[] {
  const each = Math.ceil(count / Math.max(1, Math.min(steps, count)));
  const counts: number[] = [0];
  while (counts[counts.length - 1] < count)
    counts.push(Math.min(count, counts[counts.length - 1] + each));
  return counts;
}

/** Trapezoid over the fraction removed, 0..1. Pixel flipping shows the curve itself. */
export function areaUnder({ fractions, scores }: Curve): number {
  let area = 0;
  for (let s = 1; s < scores.length; s++)
    area += ((scores[s] + scores[s - 1]) / 2) * (fractions[s] - fractions[s - 1]);
  return area;
}

/**
 * Deletion and insertion, Petsiuk et al. 2018: deletion sets the hottest units to one baseline, insertion restores them
 * to another. Both whole ends are asked for under keys that every map of the image shares.
 */
export function planCurves(
  {
    image,
    units,
    steps,
    map,
    deletion,
    insertion,
  }: {
    readonly image: EvaluatedImage;
    readonly units: RemovalUnits;
    readonly steps: number;
    /** Names the map in keys. */
    readonly map: string;
    readonly deletion: Float32Array;
    readonly insertion: Float32Array;
  },
  passes: Passes,
): (target: number) => { readonly deletion: Curve; readonly insertion: Curve } {
  const { tensor, planes } = image;
  const counts = stepCounts(units.count, steps);
  const last = counts.length - 1;
  const whole = passes.ask("unmodified", () => tensor.data);
  const removed = passes.ask("deleted", () => deletion);
  const empty = passes.ask("inserted-none", () => insertion);
  const between = (name: string, from: Float32Array, to: Float32Array, s: number) =>
    passes.ask(`${name} ${map} ${s}`, () => replaced(planes, from, to, units.hottest(counts[s])));

  const deletions: Answer[] = counts.map((_, s) =>
    s === 0 ? whole : s === last ? removed : between("deletion", tensor.data, deletion, s),
  );
  const insertions: Answer[] = counts.map((_, s) =>
    s === 0 ? empty : s === last ? whole : between("insertion", insertion, tensor.data, s),
  );
  const fractions = counts.map((count) => count / units.count);
  return (target) => ({
    deletion: { fractions, scores: deletions.map((answer) => scoreOf(answer, target)) },
    insertion: { fractions, scores: insertions.map((answer) => scoreOf(answer, target)) },
  });
}

/** Pixel by pixel, in an order of pixels. */
export function pixelUnits(order: Int32Array): RemovalUnits {
  return {
    unit: "pixel",
    count: order.length,
    hottest: (count) => order.subarray(0, count),
  };
}

/** Cell by cell of a map `[h,w]` over `[H,W]` pixels, in an order of cells. */
export function cellUnits(order: Int32Array, [h, w]: Size, [height, width]: Size): RemovalUnits {
  const turn = new Int32Array(order.length);
  order.forEach((cell, at) => (turn[cell] = at));
  const turnOf = (pixel: number) => {
    const y = Math.floor(pixel / width);
    const row = Math.min(h - 1, Math.floor(((y + 0.5) * h) / height));
    const column = Math.min(w - 1, Math.floor((((pixel % width) + 0.5) * w) / width));
    return turn[row * w + column];
  };
  const pixels = Int32Array.from({ length: height * width }, (_, pixel) => pixel);
  return {
    unit: "cell",
    count: order.length,
    hottest: (count) => pixels.filter((pixel) => turnOf(pixel) < count),
  };
}
