import { defineMeasure, type MeasuredMap } from "./measure.ts";

/**
 * Pointing hit: 1 if the hottest cell, widened by half a cell, touches evidence. Half cells are read from evidence on a grid
 * twice as fine. Without it a neighbour counts only when its weight is above 0.5 (diagonal: 0.75), so that its evidence
 * cannot keep out of the near half (quarter). Equal hottest cells count by their mean: a flat map does not always hit.
 */
export const pointingHit = defineMeasure({
  id: "pointing_hit",
  measure(map) {
    const { heat, evidence, evidenceFine } = map;
    if (!evidence) return "no-evidence";
    let max = -Infinity;
    for (const value of heat) max = Math.max(max, value);
    let hottest = 0;
    let hits = 0;
    heat.forEach((value, cell) => {
      if (value < max) return;
      hottest++;
      if (evidenceFine ? touchesHalves(evidenceFine, cell, map) : touches(evidence, cell, map))
        hits++;
    });
    return hits / hottest;
  },
});

type Size = Pick<MeasuredMap, "h" | "w">;

function touchesHalves(fine: Float32Array, cell: number, { h, w }: Size): boolean {
  const y = 2 * Math.floor(cell / w);
  const x = 2 * (cell % w);
  for (let i = Math.max(0, y - 1); i <= Math.min(2 * h - 1, y + 2); i++)
    for (let j = Math.max(0, x - 1); j <= Math.min(2 * w - 1, x + 2); j++)
      if (fine[i * 2 * w + j] > 0) return true;
  return false;
}

function touches(evidence: Float32Array, cell: number, { h, w }: Size): boolean {
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
