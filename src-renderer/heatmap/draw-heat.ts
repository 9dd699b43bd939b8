import type { Rect } from "../../shared/geometry/shape.ts";
import type { GridValues } from "../../shared/heatmap/blend.ts";
import { paintHeat, type HeatStyle } from "./paint.ts";

/** A spare canvas that keeps the heat last painted, so that a change of opacity alone paints nothing anew. */
export interface HeatCanvas {
  canvas: OffscreenCanvas | null;
  key: string;
  grid: GridValues | null;
}

export function heatCanvas(): HeatCanvas {
  return { canvas: null, key: "", grid: null };
}

/**
 * Draws heat onto `context`. `seen` is where the map lies, in pixels of the canvas; only its part inside `clip` is
 * painted, at device resolution.
 */
export function drawHeat(
  context: CanvasRenderingContext2D,
  kept: HeatCanvas,
  grid: GridValues,
  seen: Rect,
  clip: Rect,
  style: HeatStyle,
  opacity01: number,
): void {
  const left = Math.max(Math.floor(clip.x), Math.floor(seen.x));
  const top = Math.max(Math.floor(clip.y), Math.floor(seen.y));
  const width = Math.min(Math.ceil(clip.x + clip.w), Math.ceil(seen.x + seen.w)) - left;
  const height = Math.min(Math.ceil(clip.y + clip.h), Math.ceil(seen.y + seen.h)) - top;
  if (width <= 0 || height <= 0 || seen.w <= 0 || seen.h <= 0) return;
  const { low, high, threshold, isSmooth, followsValue, colours } = style;
  const key = [left, top, width, height, seen.x, seen.y, seen.w, seen.h]
    .concat([
      low,
      high,
      threshold,
      isSmooth ? 1 : 0,
      followsValue ? 1 : 0,
      colours[384],
      colours[385],
      colours[386],
    ])
    .join();
  if (kept.canvas === null || kept.key !== key || kept.grid !== grid) {
    kept.canvas ??= new OffscreenCanvas(width, height);
    if (kept.canvas.width !== width) kept.canvas.width = width;
    if (kept.canvas.height !== height) kept.canvas.height = height;
    const spare = kept.canvas.getContext("2d");
    if (!spare) return;
    const image = spare.createImageData(width, height);
    const window = {
      x0: (left - seen.x) / seen.w,
      y0: (top - seen.y) / seen.h,
      x1: (left + width - seen.x) / seen.w,
      y1: (top + height - seen.y) / seen.h,
    };
    paintHeat(image.data, width, height, grid, window, style);
    spare.putImageData(image, 0, 0);
    kept.key = key;
    kept.grid = grid;
  }
  context.globalAlpha = opacity01;
  context.drawImage(kept.canvas, left, top);
  context.globalAlpha = 1;
}
