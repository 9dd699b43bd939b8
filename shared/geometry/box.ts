import type { Rect } from "./shape.ts";

/** What two rectangles share; null where they do not meet. */
export function intersectionOf(a: Rect, b: Rect): Rect | null {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const w = Math.min(a.x + a.w, b.x + b.w) - x;
  const h = Math.min(a.y + a.h, b.y + b.h) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}

/** The part of a rectangle that lies on the picture; null where none does. */
export function clipToPicture(rect: Rect): Rect | null {
  return intersectionOf(rect, { x: 0, y: 0, w: 1, h: 1 });
}

/** Whether a point lies in a rectangle; left and upper edge belong to it. */
export function isInRect(rect: Rect, x: number, y: number): boolean {
  return x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h;
}

/** The rectangle with corners in order, whichever way it was drawn. */
export function uprightRect(rect: Rect): Rect {
  return {
    x: Math.min(rect.x, rect.x + rect.w),
    y: Math.min(rect.y, rect.y + rect.h),
    w: Math.abs(rect.w),
    h: Math.abs(rect.h),
  };
}
