import type { Preparation } from "../../../shared/domain/preparation.ts";

/** The scales of PSA, IRN and SEAM; a model of fixed size is shown the first alone. */
export const viewScales = [1, 0.5, 1.5, 2] as const;

/** Maps of one picture on one grid, the values of class k at `maps[k]`, `[h,w]` each. */
export interface ClassMaps {
  readonly h: number;
  readonly w: number;
  readonly maps: readonly Float32Array[];
}

/** A preparation at another scale: its sides, and the side it crops from, rounded. */
export function scaledPreparation(preparation: Preparation, scale: number): Preparation {
  const { geometry, widthPx, heightPx } = preparation;
  return {
    ...preparation,
    widthPx: Math.round(widthPx * scale),
    heightPx: Math.round(heightPx * scale),
    geometry:
      geometry.kind === "crop"
        ? { kind: "crop", resize: Math.round(geometry.resize * scale) }
        : geometry,
  };
}

/** Rows of `[h,w]` planes read from right to left; twice is the identity. */
export function mirrored(values: Float32Array, h: number, w: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) out[y * w + x] = values[y * w + w - 1 - x];
  return out;
}

/** A prepared picture `[C,H,W]` or `[H,W,C]` mirrored. */
export function mirroredInput(input: Float32Array, preparation: Preparation): Float32Array {
  const { layout, widthPx, heightPx, channels } = preparation;
  const count = channels === "grey" ? 1 : 3;
  const out = new Float32Array(input.length);
  const [plane, row, column] =
    layout === "NCHW" ? [widthPx * heightPx, widthPx, 1] : [1, widthPx * count, count];
  for (let c = 0; c < count; c++)
    for (let y = 0; y < heightPx; y++)
      for (let x = 0; x < widthPx; x++) {
        const at = c * plane + y * row;
        out[at + x * column] = input[at + (widthPx - 1 - x) * column];
      }
  return out;
}
