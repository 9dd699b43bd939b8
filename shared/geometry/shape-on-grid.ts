import type { SeenArea } from "../domain/preparation.ts";
import type { Shape } from "../domain/review.ts";
import type { Extent } from "./cells.ts";

/** A shape in picture fractions, in fractions of the input (or map) that covers the seen area instead. */
export function shapeOnGrid(shape: Shape, seen: SeenArea, picture: Extent): Shape {
  const x = (value: number) => (value * picture.width - seen.x) / seen.width;
  const y = (value: number) => (value * picture.height - seen.y) / seen.height;
  if (shape.kind === "polygon") {
    const rings = shape.rings.map((ring) =>
      ring.map((value, i) => (i % 2 === 0 ? x(value) : y(value))),
    );
    return { kind: "polygon", rings };
  }
  return {
    kind: shape.kind,
    x: x(shape.x),
    y: y(shape.y),
    w: (shape.w * picture.width) / seen.width,
    h: (shape.h * picture.height) / seen.height,
  };
}
