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
  /** Opacity grows with the value, from none at the low end. */
  readonly followsValue?: boolean;
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
  const pixels = new Uint32Array(target.buffer, target.byteOffset, width * height);
  pixels.fill(0);
  const across = places(window.x0, window.x1, width, grid.width, style.isSmooth);
  const down = places(window.y0, window.y1, height, grid.height, style.isSmooth);
  const table = packed(style.colours);
  const { values } = grid;
  const { low, high, isSmooth, followsValue = false } = style;
  const scale = high > low ? 1 / (high - low) : 0;
  const threshold = style.threshold > 0 ? style.threshold : -Infinity;
  const perPixelX = ((window.x1 - window.x0) * grid.width) / width;
  const perPixelY = ((window.y1 - window.y0) * grid.height) / height;
  const cells = new Float32Array(grid.width); // the map's row under this line of pixels
  const rise = new Float32Array(grid.width); // how much it changes by the next line
  for (let y = 0; y < height; y++) {
    if (!down.isInside[y]) continue;
    const top = down.low[y] * grid.width;
    const bottom = down.high[y] * grid.width;
    const part = down.part[y];
    for (let cell = 0; cell < grid.width; cell++) {
      const above = (values[top + cell] - low) * scale;
      const below = (values[bottom + cell] - low) * scale;
      cells[cell] = above + (below - above) * part;
      rise[cell] = Math.abs(below - above) * perPixelY;
    }
    const line = y * width;
    for (let x = 0; x < width; x++) {
      if (!across.isInside[x]) continue;
      const left = cells[across.low[x]];
      const right = cells[across.high[x]];
      const value = left + (right - left) * across.part[x];
      const over = value - threshold;
      // The edge lies in this pixel when the value changes by more than what is missing, or over, within it.
      let alpha = over >= 0 ? 255 : 0;
      if (isSmooth && over < 1) {
        const slope = Math.max(Math.abs(right - left) * perPixelX, rise[across.low[x]]);
        if (Math.abs(over) < slope / 2) alpha = 255 * (over / slope + 0.5);
      }
      if (alpha === 0) continue;
      if (followsValue) alpha *= Math.min(1, Math.max(0, value));
      const index = value >= 1 ? 255 : value <= 0 ? 0 : (value * 255 + 0.5) | 0;
      pixels[line + x] = (table[index] | (alpha << 24)) >>> 0;
    }
  }
}

const packedTables = new WeakMap<Uint8Array, Uint32Array>();

/** Colours as little-endian RGBA words without alpha: one write to a pixel instead of four. */
function packed(colours: Uint8Array): Uint32Array {
  const known = packedTables.get(colours);
  if (known) return known;
  const made = Uint32Array.from(
    { length: 256 },
    (_, at) => colours[3 * at] | (colours[3 * at + 1] << 8) | (colours[3 * at + 2] << 16),
  );
  packedTables.set(colours, made);
  return made;
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
