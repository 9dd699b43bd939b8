/**
 * Regions of a map as cell weights: for every cell of an h × w grid, row-major, the share 0..1 of it that the region covers. A
 * 10 % frame covers 70 % of an edge cell of a 7 × 7 map, so coarse maps are treated fairly.
 */
export type CellWeights = Float32Array;

/** The outer frame, `band` of the width and of the height wide on every side. */
export function frameWeights(h: number, w: number, band: number): CellWeights {
  const rows = spanCoverage(h, band, 1 - band);
  const columns = spanCoverage(w, band, 1 - band);
  return outer(rows, columns).map((inside) => 1 - inside);
}

/** A frame equally wide on all sides: `band` of the shorter side. */
export function bandWeights(h: number, w: number, band: number): CellWeights {
  const short = Math.min(h, w) * band;
  const rows = spanCoverage(h, short / h, 1 - short / h);
  const columns = spanCoverage(w, short / w, 1 - short / w);
  return outer(rows, columns).map((inside) => 1 - inside);
}

/** The four corners, `side` of the width and of the height: upper left, upper right, lower left, lower right. */
export function cornerWeights(h: number, w: number, side: number): readonly CellWeights[] {
  const [top, bottom] = [spanCoverage(h, 0, side), spanCoverage(h, 1 - side, 1)];
  const [left, right] = [spanCoverage(w, 0, side), spanCoverage(w, 1 - side, 1)];
  return [outer(top, left), outer(top, right), outer(bottom, left), outer(bottom, right)];
}

/** A rectangle in grid fractions. */
export function boxWeights(
  h: number,
  w: number,
  box: { x: number; y: number; w: number; h: number },
): CellWeights {
  return outer(spanCoverage(h, box.y, box.y + box.h), spanCoverage(w, box.x, box.x + box.w));
}

/** The positive part of a raw map: what is drawn and what is measured. */
export function positivePart(map: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: map.length }, (_, i) => Math.max(0, map[i]));
}

/** Share of heat on a region, `Σ m·w ÷ Σ m`; NaN of a map without heat. */
export function heatShare(heat: ArrayLike<number>, weights: ArrayLike<number>): number {
  let on = 0;
  let all = 0;
  for (let i = 0; i < heat.length; i++) {
    on += heat[i] * weights[i];
    all += heat[i];
  }
  return on / all;
}

/** Share of the area that a region covers: the mean of its weights. */
export function areaShare(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i];
  return sum / weights.length;
}

/** `max(0, (E − a) / (1 − a))`: 0 when a region holds no more heat than its area would by chance, 1 when it holds all. */
export function excess(share: number, area: number): number {
  if (area >= 1) return 0;
  return Math.max(0, (share - area) / (1 - area));
}

/** Share of each of `cells` equal cells of 0..1 that the span [from, to] covers. */
function spanCoverage(cells: number, from: number, to: number): Float64Array {
  return Float64Array.from({ length: cells }, (_, i) => {
    const low = Math.max(from, i / cells);
    const high = Math.min(to, (i + 1) / cells);
    return Math.max(0, high - low) * cells;
  });
}

function outer(rows: Float64Array, columns: Float64Array): CellWeights {
  const out = new Float32Array(rows.length * columns.length);
  rows.forEach((row, y) =>
    columns.forEach((column, x) => (out[y * columns.length + x] = row * column)),
  );
  return out;
}
