import type { Polygon, Rect } from "./shape.ts";

type Point = readonly [x: number, y: number];

/** The corners of a ring, in order. */
export function pointsOf(ring: readonly number[]): Point[] {
  const points: Point[] = [];
  for (let i = 0; i + 1 < ring.length; i += 2) points.push([ring[i], ring[i + 1]]);
  return points;
}

/** Edges of all rings, each ring closed. */
export function edgesOf(polygon: Polygon): (readonly [from: Point, to: Point])[] {
  return polygon.rings.flatMap((ring) => {
    const points = pointsOf(ring);
    return points.map((from, i) => [from, points[(i + 1) % points.length] ?? from] as const);
  });
}

/** Whether a point lies in the polygon and in none of its holes (even-odd). */
export function isInPolygon(polygon: Polygon, x: number, y: number): boolean {
  let isInside = false;
  for (const [[x0, y0], [x1, y1]] of edgesOf(polygon))
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) isInside = !isInside;
  return isInside;
}

/** Area of the outer ring less its holes, for rings that do not cross. */
export function areaOfPolygon(polygon: Polygon): number {
  const areas = polygon.rings.map((ring) => {
    const points = pointsOf(ring);
    let twice = 0;
    points.forEach(([x0, y0], i) => {
      const [x1, y1] = points[(i + 1) % points.length] ?? [x0, y0];
      twice += x0 * y1 - x1 * y0;
    });
    return Math.abs(twice) / 2;
  });
  const [outer = 0, ...holes] = areas;
  return outer - holes.reduce((a, b) => a + b, 0);
}

/** The smallest upright rectangle around a polygon; null without corners. */
export function boundsOf(polygon: Polygon): Rect | null {
  const points = polygon.rings.flatMap(pointsOf);
  if (points.length === 0) return null;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const x = xs.reduce((a, b) => Math.min(a, b));
  const y = ys.reduce((a, b) => Math.min(a, b));
  return {
    x,
    y,
    w: xs.reduce((a, b) => Math.max(a, b)) - x,
    h: ys.reduce((a, b) => Math.max(a, b)) - y,
  };
}
