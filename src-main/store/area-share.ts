import type { Shape } from "../../shared/domain/review.ts";
import { uprightRect } from "../../shared/geometry/box.ts";
import { ringOfEllipse } from "../../shared/geometry/ellipse.ts";
import { pointsOf } from "../../shared/geometry/polygon.ts";

type Point = readonly [x: number, y: number];

/** Share of the picture that a shape covers, 0..1; what lies outside the picture does not count. */
export function areaShare(shape: Shape): number {
  if (shape.kind === "rect") {
    const { x, y, w, h } = uprightRect(shape);
    const width = Math.min(1, x + w) - Math.max(0, x);
    const height = Math.min(1, y + h) - Math.max(0, y);
    return Math.max(0, width) * Math.max(0, height);
  }
  const rings = shape.kind === "ellipse" ? [ringOfEllipse(uprightRect(shape), 720)] : shape.rings;
  const [outer, ...holes] = rings.map((ring) => ringArea(insidePicture(pointsOf(ring))));
  return Math.max(0, (outer ?? 0) - holes.reduce((sum, area) => sum + area, 0));
}

/** The shoelace formula. */
function ringArea(ring: readonly Point[]): number {
  let twice = 0;
  ring.forEach(([x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length] ?? [x, y];
    twice += x * nextY - nextX * y;
  });
  return Math.abs(twice) / 2;
}

/** Sutherland and Hodgman 1974: cut at each of the picture's four edges in turn. */
function insidePicture(ring: Point[]): Point[] {
  const edges: [inside: (p: Point) => number][] = [
    [([x]) => x],
    [([x]) => 1 - x],
    [([, y]) => y],
    [([, y]) => 1 - y],
  ];
  return edges.reduce((kept, [distance]) => {
    const cut: Point[] = [];
    kept.forEach((point, index) => {
      const before = kept[(index + kept.length - 1) % kept.length] ?? point;
      const [from, to] = [distance(before), distance(point)];
      if (from >= 0 !== to >= 0) {
        const t = from / (from - to);
        cut.push([before[0] + t * (point[0] - before[0]), before[1] + t * (point[1] - before[1])]);
      }
      if (to >= 0) cut.push(point);
    });
    return cut;
  }, ring);
}
