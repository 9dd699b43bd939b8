import type { Shape } from "../../shared/domain/review.ts";

/** Share of the picture a shape covers: rectangles clipped to it, polygons by the shoelace formula, holes taken off. */
export function areaShare(shape: Shape): number {
  if (shape.kind === "rect") {
    const { x, y, w, h } = shape;
    const wide = Math.min(1, x + w) - Math.max(0, x);
    const high = Math.min(1, y + h) - Math.max(0, y);
    return Math.max(0, wide) * Math.max(0, high);
  }
  const [outer, ...holes] = shape.rings.map(ringArea);
  return Math.max(0, (outer ?? 0) - holes.reduce((sum, hole) => sum + hole, 0));
}

function ringArea(ring: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < ring.length; at += 2) {
    const next = (at + 2) % ring.length;
    sum += ring[at] * ring[next + 1] - ring[next] * ring[at + 1];
  }
  return Math.abs(sum) / 2;
}
