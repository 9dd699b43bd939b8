import type { RegionRow } from "../../shared/contract/audits.ts";
import type { Shape } from "../../shared/domain/review.ts";
import { boundsOf } from "../../shared/geometry/polygon.ts";
import type { Rect } from "../../shared/geometry/shape.ts";

/** How shapes of a picture move and change size: in picture fractions, never leaving the picture. Pure. */
export function boundsOfShape(shape: Shape): Rect {
  if (shape.kind !== "polygon") return { x: shape.x, y: shape.y, w: shape.w, h: shape.h };
  return boundsOf(shape) ?? { x: 0, y: 0, w: 0, h: 0 };
}

/** The shape moved by a fraction of the picture, stopped at its edges. */
export function moveShape(shape: Shape, dx: number, dy: number): Shape {
  const { x, y, w, h } = boundsOfShape(shape);
  const byX = Math.min(Math.max(dx, -x), 1 - w - x);
  const byY = Math.min(Math.max(dy, -y), 1 - h - y);
  if (shape.kind !== "polygon") return { ...shape, x: x + byX, y: y + byY };
  const moved = (ring: readonly number[]) =>
    ring.map((value, at) => value + (at % 2 === 0 ? byX : byY));
  return { kind: "polygon", rings: shape.rings.map(moved) };
}

/** The shape brought into another bounding rectangle, clipped to the picture and at least `least` wide and high. */
export function fitShape(shape: Shape, to: Rect, least: { w: number; h: number }): Shape {
  const x = Math.min(Math.max(0, to.x), 1 - least.w);
  const y = Math.min(Math.max(0, to.y), 1 - least.h);
  const w = Math.min(1 - x, Math.max(least.w, to.w + Math.min(0, to.x)));
  const h = Math.min(1 - y, Math.max(least.h, to.h + Math.min(0, to.y)));
  if (shape.kind !== "polygon") return { kind: shape.kind, x, y, w, h };
  const from = boundsOfShape(shape);
  const mapped = (ring: readonly number[]) =>
    ring.map((value, at) =>
      at % 2 === 0
        ? x + (from.w > 0 ? (value - from.x) / from.w : 0.5) * w
        : y + (from.h > 0 ? (value - from.y) / from.h : 0.5) * h,
    );
  return { kind: "polygon", rings: shape.rings.map(mapped) };
}

/** A rectangle from two corners, clipped to the picture. */
export function rectBetween(x0: number, y0: number, x1: number, y1: number): Rect {
  const held = (value: number) => Math.min(1, Math.max(0, value));
  const [left, right] = [held(Math.min(x0, x1)), held(Math.max(x0, x1))];
  const [top, bottom] = [held(Math.min(y0, y1)), held(Math.max(y0, y1))];
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** SVG path of a shape in picture fractions. */
export function pathOf(shape: Shape): string {
  if (shape.kind === "rect") {
    const { x, y, w, h } = shape;
    return `M${x} ${y}h${w}v${h}h${-w}z`;
  }
  if (shape.kind === "ellipse") {
    const [rx, ry] = [shape.w / 2, shape.h / 2];
    const half = (to: number) => `a${rx} ${ry} 0 0 1 ${to} 0`;
    return `M${shape.x} ${shape.y + ry}${half(shape.w)}${half(-shape.w)}z`;
  }
  return shape.rings.map((ring) => `${lineOf(ring)}z`).join("");
}

/** SVG path of an open line of points. */
export function lineOf(points: readonly number[]): string {
  let path = "";
  for (let at = 0; at < points.length; at += 2)
    path += `${at === 0 ? "M" : "L"}${points[at]} ${points[at + 1]}`;
  return path;
}

/** A shape as the contract's rows have it: arrays of their own. */
export function mutableShape(shape: Shape): RegionRow["shape"] {
  if (shape.kind !== "polygon") return { ...shape };
  return { kind: "polygon", rings: shape.rings.map((ring) => [...ring]) };
}
