import type { SeenArea } from "../../../shared/domain/preparation.ts";
import { sampler } from "../../../shared/heatmap/enlarge.ts";
import type { ClassMaps } from "./views.ts";

const floor = 1e-5;

/** One view's maps, and where its input lies on the picture. */
export interface View extends ClassMaps {
  readonly seen: SeenArea;
}

/**
 * Positive maps of all views, each enlarged to the picture (bilinear, half-pixel centres), summed, and divided class by class by
 * (maximum + 1e-5): values 0..1 of `[height,width]`. Sum or mean of the views is the same after that. What a view did not see
 * adds 0.
 */
export function fuseViews(
  views: readonly View[],
  picture: { readonly width: number; readonly height: number },
): Float32Array[] {
  const classes = views[0]?.maps.length ?? 0;
  return Array.from({ length: classes }, (_, k) => {
    const sum = new Float32Array(picture.width * picture.height);
    for (const view of views) addPlaced(sum, view, k, picture);
    return normalised(sum);
  });
}

/** Divided by (maximum + 1e-5). */
export function normalised(values: Float32Array): Float32Array {
  const most = values.reduce((largest, value) => Math.max(largest, value), 0) + floor;
  return values.map((value) => value / most);
}

/** 1 where every view saw the picture, 0 where none did or only some. */
export function seenMask(
  views: readonly Pick<View, "seen">[],
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const mask = new Uint8Array(width * height).fill(1);
  for (const { seen } of views)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (!isInside(seen, x + 0.5, y + 0.5)) mask[y * width + x] = 0;
  return mask;
}

function addPlaced(
  sum: Float32Array,
  { maps, h, w, seen }: View,
  k: number,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  const at = sampler(
    maps[k].map((value) => Math.max(0, value)),
    h,
    w,
    true,
  );
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!isInside(seen, x + 0.5, y + 0.5)) continue;
      sum[y * width + x] += at((x + 0.5 - seen.x) / seen.width, (y + 0.5 - seen.y) / seen.height);
    }
}

function isInside(seen: SeenArea, x: number, y: number): boolean {
  return x >= seen.x && y >= seen.y && x < seen.x + seen.width && y < seen.y + seen.height;
}
