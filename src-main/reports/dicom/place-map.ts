import type { SeenArea } from "../../../shared/domain/preparation.ts";
import type { Plane, SourceImage } from "./source.ts";

/** Raw values of one map, `[height, width]`, and the part of the source that they cover, in its pixels. */
export interface PlacedMap {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly seen: SeenArea;
}

/**
 * The plane of a map's cells (review-experience 10.4): the first cell covers the source rectangle x0, y0, w, h in
 * pixels, 0 being the outer edge; a pixel's position is that of its centre.
 */
export function placedPlane({ seen, width, height }: PlacedMap, plane: Plane): Plane {
  const w = seen.width / width;
  const h = seen.height / height;
  const along = plane.columnMm * (seen.x + w / 2 - 0.5);
  const down = plane.rowMm * (seen.y + h / 2 - 0.5);
  const at = (i: 0 | 1 | 2) => plane.position[i] + plane.row[i] * along + plane.column[i] * down;
  return {
    ...plane,
    position: [at(0), at(1), at(2)],
    rowMm: plane.rowMm * h,
    columnMm: plane.columnMm * w,
  };
}

/** What pixels hold that the map does not cover. */
export const uncovered = -3.4028234663852886e38;

/** The map enlarged by nearest to the source's rows × columns; pixels outside its area are `uncovered`. */
export function enlargedToSource(
  { values, width, height, seen }: PlacedMap,
  { rows, columns }: Pick<SourceImage, "rows" | "columns">,
): { readonly values: Float32Array; readonly hasUncovered: boolean } {
  const cell = (pixel: number, from: number, size: number, cells: number) => {
    const at = Math.floor(((pixel + 0.5 - from) / size) * cells);
    return at >= 0 && at < cells ? at : -1;
  };
  const across = Array.from({ length: columns }, (_, x) => cell(x, seen.x, seen.width, width));
  const out = new Float32Array(rows * columns).fill(uncovered);
  let covered = 0;
  for (let y = 0; y < rows; y++) {
    const row = cell(y, seen.y, seen.height, height);
    if (row < 0) continue;
    for (const [x, column] of across.entries()) {
      if (column < 0) continue;
      out[y * columns + x] = values[row * width + column];
      covered++;
    }
  }
  return { values: out, hasUncovered: covered < out.length };
}
