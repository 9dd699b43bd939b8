import type { Size } from "./finished-map.ts";

/** A box of whole pixels, half open: `left ≤ x < right`, `top ≤ y < bottom`. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Component {
  readonly box: PixelBox;
  readonly area: number;
}

/** The 8-connected regions of a binary `[H,W]`, each with its tight box; the largest first, equal ones in raster order. */
export function componentsOf(binary: Uint8Array, [height, width]: Size): readonly Component[] {
  const isSeen = new Uint8Array(binary.length);
  const stack = new Int32Array(binary.length);
  const found: Component[] = [];
  for (let start = 0; start < binary.length; start++) {
    if (!binary[start] || isSeen[start]) continue;
    let [left, right, top, bottom, area, depth] = [width, 0, height, 0, 0, 1];
    stack[0] = start;
    isSeen[start] = 1;
    while (depth > 0) {
      const at = stack[--depth];
      const y = Math.floor(at / width);
      const x = at - y * width;
      area++;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const next = v * width + u;
          if (!binary[next] || isSeen[next]) continue;
          isSeen[next] = 1;
          stack[depth++] = next;
        }
    }
    found.push({ box: { left, top, right, bottom }, area });
  }
  return found.toSorted((a, b) => b.area - a.area);
}

/** Intersection over union of two boxes. */
export function boxIou(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const common = Math.max(0, width) * Math.max(0, height);
  return common / (areaOf(a) + areaOf(b) - common);
}

function areaOf({ left, top, right, bottom }: PixelBox): number {
  return (right - left) * (bottom - top);
}
