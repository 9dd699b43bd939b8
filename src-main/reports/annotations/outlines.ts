import type { Shape } from "../../../shared/domain/review.ts";
import { boundsOf } from "../../../shared/geometry/polygon.ts";
import type { Rect } from "../../../shared/geometry/shape.ts";

/** Corners that stand for an ellipse: its area is then short by 0.16 %. */
export const ellipseCorners = 64;

/** The rings of any shape in its own unit: an ellipse by its corners, a box by its four. */
export function ringsOf(shape: Shape): (readonly number[])[] {
  if (shape.kind === "polygon") return [...shape.rings];
  const { x, y, w, h } = shape;
  if (shape.kind === "rect") return [[x, y, x + w, y, x + w, y + h, x, y + h]];
  const ring: number[] = [];
  for (let i = 0; i < ellipseCorners; i++) {
    const angle = (2 * Math.PI * i) / ellipseCorners;
    ring.push(x + (w / 2) * (1 + Math.cos(angle)), y + (h / 2) * (1 + Math.sin(angle)));
  }
  return [ring];
}

/** The part of a shape's box that lies on the picture, in fractions; null: none of it does. */
export function boxOnPicture(shape: Shape): Rect | null {
  const box = shape.kind === "polygon" ? boundsOf(shape) : shape;
  if (!box) return null;
  const [x, y] = [Math.max(0, box.x), Math.max(0, box.y)];
  const [w, h] = [Math.min(1, box.x + box.w) - x, Math.min(1, box.y + box.h) - y];
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}
