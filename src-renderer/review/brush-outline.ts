import { areaOfPolygon, isInPolygon } from "../../shared/geometry/polygon.ts";
import type { Polygon } from "../../shared/geometry/shape.ts";
import { contours } from "../../shared/heatmap/contour.ts";
import type { Size } from "../heatmap/view.ts";

/** One pull of the brush: its way in picture fractions (x0, y0, …), and its radius in pixels of the picture. */
export interface Stroke {
  readonly points: readonly number[];
  readonly radiusPx: number;
}

/** Cells of the longer side of what was painted: finer than its edge is meant. */
const gridSide = 320;
/** Rings smaller than this many cells are noise of the grid. */
const leastCells = 2;

/**
 * What strokes cover, as polygons: one for each part that hangs together, its outline first, then its holes. Strokes are
 * drawn on a grid, each cell by its distance to the nearest way, and the line at half coverage is followed.
 */
export function outlinesOf(strokes: readonly Stroke[], picture: Size): Polygon[] {
  const painted = strokes.filter(({ points }) => points.length >= 2);
  if (painted.length === 0) return [];
  const box = boxOf(painted, picture);
  const cellPx = Math.max(Math.max(box.w, box.h) / gridSide, 0.25);
  const width = Math.max(1, Math.ceil(box.w / cellPx));
  const height = Math.max(1, Math.ceil(box.h / cellPx));
  const values = new Float32Array(width * height);
  for (const stroke of painted) paint(stroke, picture, box, cellPx, { values, width, height });
  const rings = contours({ values, width, height }, 0.5, 1).map((line) =>
    simplified(
      line.map((value, i) => {
        const px = i % 2 === 0 ? box.x + value * width * cellPx : box.y + value * height * cellPx;
        return Math.min(1, Math.max(0, px / (i % 2 === 0 ? picture.width : picture.height)));
      }),
      { x: (cellPx * 0.35) / picture.width, y: (cellPx * 0.35) / picture.height },
    ),
  );
  const cellArea = (cellPx * cellPx) / (picture.width * picture.height);
  return nested(rings.filter((ring) => areaOfPolygon({ rings: [ring] }) > leastCells * cellArea));
}

/** Bounds of the strokes with their radius and a pixel, on the picture, in its pixels. */
function boxOf(strokes: readonly Stroke[], { width, height }: Size) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { points, radiusPx } of strokes)
    for (let i = 0; i + 1 < points.length; i += 2) {
      const [x, y] = [points[i] * width, points[i + 1] * height];
      const reach = radiusPx + 1;
      left = Math.min(left, x - reach);
      top = Math.min(top, y - reach);
      right = Math.max(right, x + reach);
      bottom = Math.max(bottom, y + reach);
    }
  const x = Math.max(0, left);
  const y = Math.max(0, top);
  return { x, y, w: Math.min(width, right) - x, h: Math.min(height, bottom) - y };
}

function paint(
  { points, radiusPx }: Stroke,
  picture: Size,
  box: { readonly x: number; readonly y: number },
  cellPx: number,
  grid: { readonly values: Float32Array; readonly width: number; readonly height: number },
): void {
  const way: [x: number, y: number][] = [];
  for (let i = 0; i + 1 < points.length; i += 2)
    way.push([
      (points[i] * picture.width - box.x) / cellPx,
      (points[i + 1] * picture.height - box.y) / cellPx,
    ]);
  const radius = radiusPx / cellPx;
  way.forEach(([x1, y1], i) => {
    const [x0, y0] = way[Math.max(0, i - 1)];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const length = dx * dx + dy * dy;
    const from = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - radius - 1));
    const toY = Math.min(grid.height - 1, Math.ceil(Math.max(y0, y1) + radius + 1));
    const toX = Math.min(grid.width - 1, Math.ceil(Math.max(x0, x1) + radius + 1));
    for (let y = from(y0, y1); y <= toY; y++)
      for (let x = from(x0, x1); x <= toX; x++) {
        const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
        const t = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
        const covered = radius - Math.hypot(px - t * dx, py - t * dy) + 0.5;
        const at = y * grid.width + x;
        grid.values[at] = Math.max(grid.values[at], Math.min(1, Math.max(0, covered)));
      }
  });
}

/** Rings sorted into outlines and the holes right inside them. */
function nested(rings: readonly number[][]): Polygon[] {
  const isInside = (ring: readonly number[], of: readonly number[]) =>
    ring !== of && isInPolygon({ rings: [of] }, ring[0], ring[1]);
  const depths = rings.map((ring) => rings.filter((other) => isInside(ring, other)).length);
  return rings.flatMap((ring, i) => {
    if (depths[i] % 2 === 1) return [];
    const holes = rings.filter((hole, k) => depths[k] === depths[i] + 1 && isInside(hole, ring));
    return [{ rings: [ring, ...holes] }];
  });
}

/** Douglas and Peucker 1973, closed: points nearer to the line between their neighbours than `reach` go. */
function simplified(ring: readonly number[], reach: { x: number; y: number }): number[] {
  const n = ring.length / 2;
  if (n <= 4) return [...ring];
  const keep = new Uint8Array(n);
  const half = Math.floor(n / 2);
  keep[0] = keep[half] = keep[n - 1] = 1;
  const spans: [number, number][] = [
    [0, half],
    [half, n - 1],
  ];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let [worst, at] = [1, -1];
    const [ax, ay] = [ring[2 * from] / reach.x, ring[2 * from + 1] / reach.y];
    const [bx, by] = [ring[2 * to] / reach.x - ax, ring[2 * to + 1] / reach.y - ay];
    const length = Math.hypot(bx, by);
    for (let i = from + 1; i < to; i++) {
      const [px, py] = [ring[2 * i] / reach.x - ax, ring[2 * i + 1] / reach.y - ay];
      const distance = length === 0 ? Math.hypot(px, py) : Math.abs(px * by - py * bx) / length;
      if (distance > worst) [worst, at] = [distance, i];
    }
    if (at < 0) continue;
    keep[at] = 1;
    spans.push([from, at], [at, to]);
  }
  return ring.filter((_, i) => keep[i >> 1] === 1);
}
