import { defineMeasure } from "./measure.ts";

/**
 * Pointing hit: 1 if the hottest cell, widened by half a cell, touches evidence. A neighbour whose weight is above 0.5 (diagonal:
 * 0.75) cannot keep its evidence out of the half (quarter) next to the hottest cell. Equal hottest cells count by their
 * mean, so that a flat map does not always hit.
 */
export const pointingHit = defineMeasure({
  id: "pointing_hit",
  measure({ heat, evidence, h, w }) {
    if (!evidence) return "no-evidence";
    let max = -Infinity;
    for (const value of heat) max = Math.max(max, value);
    let hottest = 0;
    let hits = 0;
    heat.forEach((value, cell) => {
      if (value < max) return;
      hottest++;
      if (touches(evidence, cell, h, w)) hits++;
    });
    return hits / hottest;
  },
});

function touches(evidence: Float32Array, cell: number, h: number, w: number): boolean {
  const y = Math.floor(cell / w);
  const x = cell % w;
  for (let dy = -1; dy <= 1; dy++)
    for (let dx = -1; dx <= 1; dx++) {
      if (y + dy < 0 || y + dy >= h || x + dx < 0 || x + dx >= w) continue;
      const farHalf = 1 - 0.5 ** (Math.abs(dy) + Math.abs(dx));
      if (evidence[(y + dy) * w + x + dx] > farHalf) return true;
    }
  return false;
}
