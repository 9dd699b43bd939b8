import { componentsOf, type PixelBox } from "./components.ts";
import type { Size } from "./finished-map.ts";
import { evaluationSettings } from "../../../shared/domain/evaluation.ts";

/** Where the evidence is, at input size. */
export interface GroundTruth {
  readonly size: Size;
  /** `[H,W]`, 0 or 1: a pixel belongs to it from half coverage on. */
  readonly mask: Uint8Array;
  readonly area: number;
  /** Boxes that a found box is held against: as drawn, or around each region of the mask. */
  readonly boxes: readonly PixelBox[];
  /** The mask widened by the pointing game's tolerance. */
  readonly near: Uint8Array;
}

/**
 * Ground truth from coverage 0..1 of the input's pixels, `[H,W]`; null of an empty mask, which is left out and counted,
 * never a hit. `drawn`: coverages of boxes that were drawn one by one; those that were cropped away do not count.
 */
export function groundTruth(
  coverage: Float32Array,
  size: Size,
  drawn: readonly Float32Array[] = [],
): GroundTruth | null {
  const mask = maskOf(coverage);
  const area = mask.reduce((sum, value) => sum + value, 0);
  if (area === 0) return null;
  const each = drawn.map((one) => componentsOf(maskOf(one), size)).filter((one) => one.length > 0);
  const boxes = each.map(enclosing);
  return {
    size,
    mask,
    area,
    boxes: boxes.length > 0 ? boxes : componentsOf(mask, size).map(({ box }) => box),
    near: widened(mask, size, tolerancePx(size)),
  };
}

function maskOf(coverage: Float32Array): Uint8Array {
  return Uint8Array.from(coverage, (share) => (share >= 0.5 ? 1 : 0));
}

function enclosing(parts: readonly { readonly box: PixelBox }[]): PixelBox {
  return {
    left: Math.min(...parts.map(({ box }) => box.left)),
    top: Math.min(...parts.map(({ box }) => box.top)),
    right: Math.max(...parts.map(({ box }) => box.right)),
    bottom: Math.max(...parts.map(({ box }) => box.bottom)),
  };
}

/** 15 pixels at 224, scaled with the mean side. */
export function tolerancePx([height, width]: Size): number {
  const { tolerancePx: at224, toleranceAtPx } = evaluationSettings;
  return (at224 * (height + width)) / 2 / toleranceAtPx;
}

/** Every pixel whose centre is within `radius` of one of the mask. */
export function widened(mask: Uint8Array, [height, width]: Size, radius: number): Uint8Array {
  const reach = Math.floor(radius);
  const spans = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.floor(Math.sqrt(radius * radius - (i - reach) ** 2)),
  );
  const out = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!mask[y * width + x]) continue;
      // The inside widens nothing: its neighbours do.
      const isInner =
        x > 0 &&
        x < width - 1 &&
        y > 0 &&
        y < height - 1 &&
        mask[y * width + x - 1] &&
        mask[y * width + x + 1] &&
        mask[(y - 1) * width + x] &&
        mask[(y + 1) * width + x];
      if (isInner) {
        out[y * width + x] = 1;
        continue;
      }
      for (let dy = -reach; dy <= reach; dy++) {
        if (y + dy < 0 || y + dy >= height) continue;
        const row = (y + dy) * width;
        const span = spans[dy + reach];
        out.fill(1, row + Math.max(0, x - span), row + Math.min(width - 1, x + span) + 1);
      }
    }
  return out;
}
