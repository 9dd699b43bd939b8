import { areaOfPolygon, isInPolygon, pointsOf } from "../../shared/geometry/polygon.ts";

/** Over so many rings, telling holes apart would take longer than it is worth. */
const mostRings = 200;

/**
 * Rings of one annotation as polygons: a ring that lies wholly inside a larger one is its hole, every other an outline
 * of its own.
 */
export function polygonsOf(rings: readonly (readonly number[])[]): (readonly number[])[][] {
  if (rings.length === 1 || rings.length > mostRings) return rings.map((ring) => [ring]);
  const polygons: (readonly number[])[][] = [];
  const bySize = rings.toSorted((a, b) => areaOf(b) - areaOf(a));
  for (const ring of bySize) {
    const around = polygons.find(([outline = []]) =>
      pointsOf(ring).every(([x, y]) => isInPolygon({ rings: [outline] }, x, y)),
    );
    if (around) around.push(ring);
    else polygons.push([ring]);
  }
  return polygons;
}

const areaOf = (ring: readonly number[]) => areaOfPolygon({ rings: [ring] });
