import type { Rect } from "./shape.ts";

/** Ellipses upright in their box: `((x − cx)/a)² + ((y − cy)/b)² ≤ 1`, a and b half the box's width and height. */
export function isInEllipse(box: Rect, x: number, y: number): boolean {
  if (box.w === 0 || box.h === 0) return false;
  const across = (x - box.x) / (box.w / 2) - 1;
  const down = (y - box.y) / (box.h / 2) - 1;
  return across * across + down * down <= 1;
}

/** Where a horizontal line meets the ellipse; null where it does not. */
export function chordOfEllipse(
  box: Rect,
  y: number,
): { readonly from: number; readonly to: number } | null {
  const down = box.h === 0 ? Infinity : (y - box.y) / (box.h / 2) - 1;
  if (Math.abs(down) >= 1) return null;
  const half = (box.w / 2) * Math.sqrt(1 - down * down);
  const centre = box.x + box.w / 2;
  return { from: centre - half, to: centre + half };
}

/** A ring of `corners` points on the ellipse; inside it by at most a share of `(π/corners)²/2` of an axis. */
export function ringOfEllipse(box: Rect, corners = 64): number[] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    return [
      box.x + (box.w / 2) * (1 + Math.cos(angle)),
      box.y + (box.h / 2) * (1 + Math.sin(angle)),
    ];
  }).flat();
}
