import type { SeenArea } from "../domain/preparation.ts";
import type { Mask } from "./mask.ts";

/** Size in pixels or cells. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/**
 * A mask on the map's own grid: for each cell the share of its area that the mask covers, `[height, width]`, 0..1,
 * exact whatever the sizes. The mask lies over the whole `picture`, at any resolution; `seen` says where the grid lies
 * on the picture. What the model saw beside the picture (letterbox) is covered by no mask.
 */
export function cellsOf(mask: Mask, seen: SeenArea, picture: Extent, grid: Extent): Float32Array {
  const perX = mask.width / picture.width;
  const perY = mask.height / picture.height;
  const across = cuts(seen.x * perX, seen.width * perX, grid.width, mask.width);
  const down = cuts(seen.y * perY, seen.height * perY, grid.height, mask.height);
  const cells = new Float32Array(grid.width * grid.height);
  const row = new Float64Array(grid.width);
  for (let i = 0; i < grid.height; i++) {
    const sums = new Float64Array(grid.width);
    const [top, bottom] = [down[i], down[i + 1]];
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(mask.height, bottom); y++) {
      sumAcross(mask, y, across, row);
      const share = Math.min(bottom, y + 1) - Math.max(top, y);
      for (let j = 0; j < grid.width; j++) sums[j] = sums[j] + share * row[j];
    }
    const area = ((seen.width * perX) / grid.width) * ((seen.height * perY) / grid.height) * 255;
    for (let j = 0; j < grid.width; j++) cells[i * grid.width + j] = Math.min(1, sums[j] / area);
  }
  return cells;
}

/** For each cell the share of it that lies on the picture: 1 everywhere unless letterboxed. */
export function pictureCells(seen: SeenArea, picture: Extent, grid: Extent): Float32Array {
  const whole = { width: 1, height: 1, data: Uint8Array.of(255) };
  return cellsOf(whole, seen, picture, grid);
}

/** Edges between cells, in mask pixels; rounded where rounding noise would leave a sliver of a pixel. */
function cuts(from: number, length: number, cells: number, size: number): Float64Array {
  return Float64Array.from({ length: cells + 1 }, (_, i) => {
    const at = from + (length * i) / cells;
    const whole = Math.round(at);
    const near = Math.abs(at - whole) < 1e-9 * Math.max(1, size) ? whole : at;
    return near;
  });
}

/** Coverage sums of one mask row between the cuts. */
function sumAcross(mask: Mask, y: number, cuts: Float64Array, out: Float64Array): void {
  const offset = y * mask.width;
  for (let j = 0; j < out.length; j++) {
    const [left, right] = [cuts[j], cuts[j + 1]];
    let sum = 0;
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(mask.width, right); x++) {
      const value = mask.data[offset + x];
      if (value > 0) sum += value * (Math.min(right, x + 1) - Math.max(left, x));
    }
    out[j] = sum;
  }
}
