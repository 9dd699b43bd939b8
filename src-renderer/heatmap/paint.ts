import type { GridValues } from "../../shared/heatmap/blend.ts";

/** Which part of the map the target shows: map fractions (0..1 is the whole map) at its left, top, right, bottom edges. */
export interface Window01 {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface HeatStyle {
  /** 256 colours, red green blue, for the display range from low to high. */
  readonly colours: Uint8Array;
  readonly low: number;
  readonly high: number;
  /** Share of the display range under which nothing is drawn; 0 draws everything. */
  readonly threshold: number;
  readonly isSmooth: boolean;
}

/**
 * Colours the map onto `target` (RGBA, `width` × `height`), device pixel by device pixel: values are interpolated, then
 * coloured, so that no colour appears that is not in the table and the threshold's edge is sharp at every zoom. What
 * lies under the threshold or outside the map stays transparent. The edge is softened over one pixel.
 */
export function paintHeat(
  target: Uint8ClampedArray,
  width: number,
  height: number,
  grid: GridValues,
  window: Window01,
  style: HeatStyle,
): void {
  target.fill(0);
  const across = places(window.x0, window.x1, width, grid.width, style.isSmooth);
  const down = places(window.y0, window.y1, height, grid.height, style.isSmooth);
  const { values } = grid;
  const { colours, low, high, threshold, isSmooth } = style;
  const scale = high > low ? 1 / (high - low) : 0;
  const cells = new Float32Array(grid.width); // the map's row under this line of pixels
  let above: Float32Array | null = null;
  let line = new Float32Array(width);
  let spare = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    if (!down.isInside[y]) {
      above = null;
      continue;
    }
    const top = down.low[y] * grid.width;
    const bottom = down.high[y] * grid.width;
    const part = down.part[y];
    for (let cell = 0; cell < grid.width; cell++)
      cells[cell] = (values[top + cell] * (1 - part) + values[bottom + cell] * part - low) * scale;
    let left = NaN;
    for (let x = 0; x < width; x++) {
      if (!across.isInside[x]) continue;
      const share = across.part[x];
      const value = cells[across.low[x]] * (1 - share) + cells[across.high[x]] * share;
      line[x] = value;
      const slope = isSmooth
        ? Math.max(Math.abs(value - left) || 0, above ? Math.abs(value - above[x]) || 0 : 0)
        : 0;
      left = value;
      const over = threshold > 0 ? value - threshold : 1;
      const cover = slope > 1e-6 && threshold > 0 ? over / slope + 0.5 : over >= 0 ? 1 : 0;
      if (!(cover > 0)) continue;
      const colour = 3 * Math.max(0, Math.min(255, Math.round(value * 255)));
      const at = 4 * (y * width + x);
      target[at] = colours[colour];
      target[at + 1] = colours[colour + 1];
      target[at + 2] = colours[colour + 2];
      target[at + 3] = cover >= 1 ? 255 : cover * 255;
    }
    [above, line, spare] = [line, spare, line];
  }
}

/** For each pixel the two cells it lies between and how far towards the second. Centres are half a cell in. */
function places(from: number, to: number, pixels: number, cells: number, isSmooth: boolean) {
  const low = new Int32Array(pixels);
  const high = new Int32Array(pixels);
  const part = new Float32Array(pixels);
  const isInside = new Uint8Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const fraction = from + ((pixel + 0.5) / pixels) * (to - from);
    if (fraction < 0 || fraction >= 1) continue;
    isInside[pixel] = 1;
    if (!isSmooth) {
      low[pixel] = high[pixel] = Math.min(cells - 1, Math.floor(fraction * cells));
      continue;
    }
    const position = Math.min(cells - 1, Math.max(0, fraction * cells - 0.5));
    low[pixel] = Math.floor(position);
    high[pixel] = Math.min(cells - 1, low[pixel] + 1);
    part[pixel] = position - low[pixel];
  }
  return { low, high, part, isInside };
}
