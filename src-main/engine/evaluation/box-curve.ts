import { boxIou, componentsOf, type PixelBox } from "./components.ts";
import type { Size } from "./finished-map.ts";
import { thresholds } from "./iou-curve.ts";

/** Best box IoU of one map with any true box. */
export interface BoxIou {
  /** Of the box around the largest region of `B_τ`. */
  readonly largest: number;
  /** Of the box around whichever region fits best (MaxBoxAccV2). */
  readonly any: number;
}

export function boxIouAt(
  map: Float32Array,
  size: Size,
  boxes: readonly PixelBox[],
  tau: number,
): BoxIou {
  const hot = new Uint8Array(map.length);
  for (let i = 0; i < hot.length; i++) if (map[i] >= tau) hot[i] = 1;
  const found = componentsOf(hot, size);
  const best = ({ box }: { readonly box: PixelBox }) =>
    Math.max(0, ...boxes.map((truth) => boxIou(box, truth)));
  return {
    largest: found.length > 0 ? best(found[0]) : 0,
    any: found.reduce((most, one) => Math.max(most, best(one)), 0),
  };
}

/** The same at every threshold. */
export function boxCurve(
  map: Float32Array,
  size: Size,
  boxes: readonly PixelBox[],
): readonly BoxIou[] {
  return thresholds.map((tau) => boxIouAt(map, size, boxes, tau));
}
