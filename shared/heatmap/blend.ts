import { colourTable, type ColourMapId } from "./colour-maps.ts";
import type { Rect } from "../geometry/shape.ts";
import { sampler } from "./enlarge.ts";
import { inRange, type DisplayRange } from "./scaling.ts";

/** A raw map at its native size. */
export interface GridValues {
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

export interface HeatView {
  readonly colours: ColourMapId;
  readonly range: DisplayRange;
  /** 0..1: how much of the colour covers the picture. */
  readonly opacity: number;
  /** Share 0..1 of the display range under which the picture is left as it is. */
  readonly threshold: number;
  readonly isSmooth: boolean;
  /** Opacity grows with the value, from none at the low end; default: constant. */
  readonly opacityFollowsValue?: boolean;
}

/**
 * Heat over a picture: RGBA in, RGBA out, `width × height`. `seen` is where the map lies on the picture, in picture fractions
 * (it may reach outside); what the model did not see keeps its pixels.
 */
export function blendHeat(
  picture: ArrayLike<number>,
  width: number,
  height: number,
  map: GridValues,
  seen: Rect,
  view: HeatView,
): Uint8ClampedArray {
  const out = Uint8ClampedArray.from(picture);
  paint(width, height, map, seen, view, (pixel, colour, alpha) => {
    for (let c = 0; c < 3; c++)
      out[4 * pixel + c] = picture[4 * pixel + c] * (1 - alpha) + colour[c] * alpha;
    out[4 * pixel + 3] = 255 * alpha + picture[4 * pixel + 3] * (1 - alpha);
  });
  return out;
}

/** The map alone, RGBA: every value it has in full colour, transparent where the model did not see. */
export function drawMap(
  width: number,
  height: number,
  map: GridValues,
  seen: Rect,
  view: Pick<HeatView, "colours" | "range" | "isSmooth">,
): Uint8ClampedArray {
  const out = new Uint8ClampedArray(4 * width * height);
  paint(width, height, map, seen, { ...view, opacity: 1, threshold: 0 }, (pixel, colour) => {
    for (let c = 0; c < 3; c++) out[4 * pixel + c] = colour[c];
    out[4 * pixel + 3] = 255;
  });
  return out;
}

function paint(
  width: number,
  height: number,
  { values, height: h, width: w }: GridValues,
  seen: Rect,
  view: HeatView,
  put: (pixel: number, colour: readonly [number, number, number], alpha: number) => void,
): void {
  const table = colourTable(view.colours);
  const valueAt = sampler(values, h, w, view.isSmooth);
  const columns = Float64Array.from(
    { length: width },
    (_, x) => ((x + 0.5) / width - seen.x) / seen.w,
  );
  for (let y = 0; y < height; y++) {
    const y01 = ((y + 0.5) / height - seen.y) / seen.h;
    if (y01 < 0 || y01 >= 1) continue;
    for (let x = 0; x < width; x++) {
      if (columns[x] < 0 || columns[x] >= 1) continue;
      const share = inRange(valueAt(columns[x], y01), view.range);
      if (share < view.threshold) continue;
      const at = 3 * Math.round(share * 255);
      const alpha = view.opacity * (view.opacityFollowsValue ? share : 1);
      put(y * width + x, [table[at], table[at + 1], table[at + 2]], alpha);
    }
  }
}
