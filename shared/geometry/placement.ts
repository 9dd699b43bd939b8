import type { Preparation, SeenArea } from "../domain/preparation.ts";

/**
 * How a preparation lays a picture of one size into the model's input: scaled to `scaledWidth × scaledHeight`, then
 * the window of the model's size whose left upper corner lies at (`left`, `top`) of the scaled picture. The window may
 * reach outside (letterbox): there the input is black.
 */
export interface Placement {
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  readonly left: number;
  readonly top: number;
}

type PlacedBy = Pick<Preparation, "geometry" | "widthPx" | "heightPx">;

/** The placement of a `width × height` picture; null where the geometry `none` meets another size. */
export function placementOf(by: PlacedBy, width: number, height: number): Placement | null {
  switch (by.geometry.kind) {
    case "none":
      if (width !== by.widthPx || height !== by.heightPx) return null;
      return { scaledWidth: width, scaledHeight: height, left: 0, top: 0 };
    case "stretch":
      return { scaledWidth: by.widthPx, scaledHeight: by.heightPx, left: 0, top: 0 };
    case "crop": {
      // As torchvision: the longer side is cut to a whole number, the centre rounded to even.
      const { resize } = by.geometry;
      const long = (long: number, short: number) => Math.trunc((resize * long) / short);
      const scaledWidth = width <= height ? resize : long(width, height);
      const scaledHeight = width <= height ? long(height, width) : resize;
      const left = roundToEven((scaledWidth - by.widthPx) / 2);
      const top = roundToEven((scaledHeight - by.heightPx) / 2);
      return { scaledWidth, scaledHeight, left, top };
    }
    case "letterbox": {
      const scale = Math.min(by.widthPx / width, by.heightPx / height);
      const scaledWidth = Math.max(1, Math.round(width * scale));
      const scaledHeight = Math.max(1, Math.round(height * scale));
      const left = 0 - Math.floor((by.widthPx - scaledWidth) / 2);
      const top = 0 - Math.floor((by.heightPx - scaledHeight) / 2);
      return { scaledWidth, scaledHeight, left, top };
    }
  }
}

/** Where the model's input lies on the picture, in picture pixels: the placement, inverted. */
export function seenAreaOf(
  by: PlacedBy,
  placement: Placement,
  width: number,
  height: number,
): SeenArea {
  const perX = width / placement.scaledWidth;
  const perY = height / placement.scaledHeight;
  return {
    x: placement.left * perX || 0, // no -0
    y: placement.top * perY || 0,
    width: by.widthPx * perX,
    height: by.heightPx * perY,
  };
}

function roundToEven(value: number): number {
  const down = Math.floor(value);
  return value - down === 0.5 ? down + (down % 2) : Math.round(value);
}
