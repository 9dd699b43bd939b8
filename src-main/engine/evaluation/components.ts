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
  // With a frame of zeros every pixel has eight neighbours.
  const stride = width + 2;
  const open = new Uint8Array((height + 2) * stride);
  for (let y = 0; y < height; y++)
    open.set(binary.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
  const steps = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1];
  const stack = new Int32Array(binary.length);
  const found: Component[] = [];
  for (let start = open.indexOf(1); start >= 0; start = open.indexOf(1, start + 1)) {
    let [left, right, top, bottom, area, depth] = [width, 0, height, 0, 0, 1];
    stack[0] = start;
    open[start] = 0;
    while (depth > 0) {
      const at = stack[--depth];
      const y = Math.floor(at / stride);
      const x = at - y * stride;
      area++;
      if (x - 1 < left) left = x - 1;
      if (x > right) right = x;
      if (y - 1 < top) top = y - 1;
      if (y > bottom) bottom = y;
      for (const step of steps) {
        if (!open[at + step]) continue;
        open[at + step] = 0;
        stack[depth++] = at + step;
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
