import type { SeenArea } from "../domain/preparation.ts";
import type { Extent } from "./cells.ts";
import type { Rect } from "./shape.ts";

/**
 * Three frames that a point can be told in: the picture (fractions 0..1 of the upright picture), the model's input and
 * the map's grid (both in their own units, 0 = outer edge, so that cell k spans k..k+1). The map belongs to the
 * input; `SeenArea` ties the input to the picture, and these functions invert the preparation exactly.
 */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A point of the picture on a grid (or an input) that covers the seen area. */
export function pictureToGrid(point: Point, seen: SeenArea, picture: Extent, grid: Extent): Point {
  return {
    x: ((point.x * picture.width - seen.x) / seen.width) * grid.width,
    y: ((point.y * picture.height - seen.y) / seen.height) * grid.height,
  };
}

/** A point of a grid (or an input) on the picture. */
export function gridToPicture(point: Point, seen: SeenArea, picture: Extent, grid: Extent): Point {
  return {
    x: (seen.x + (point.x / grid.width) * seen.width) / picture.width,
    y: (seen.y + (point.y / grid.height) * seen.height) / picture.height,
  };
}

/** The cell under a point of the picture; null where the model did not look. */
export function cellAt(
  point: Point,
  seen: SeenArea,
  picture: Extent,
  grid: Extent,
): { readonly row: number; readonly column: number } | null {
  const { x, y } = pictureToGrid(point, seen, picture, grid);
  const column = Math.floor(x);
  const row = Math.floor(y);
  return column >= 0 && column < grid.width && row >= 0 && row < grid.height
    ? { row, column }
    : null;
}

/** A cell as a rectangle of the picture. */
export function rectOfCell(
  cell: { readonly row: number; readonly column: number },
  seen: SeenArea,
  picture: Extent,
  grid: Extent,
): Rect {
  const from = gridToPicture({ x: cell.column, y: cell.row }, seen, picture, grid);
  const to = gridToPicture({ x: cell.column + 1, y: cell.row + 1 }, seen, picture, grid);
  return { x: from.x, y: from.y, w: to.x - from.x, h: to.y - from.y };
}

/** The seen area as a rectangle of the picture; it reaches outside 0..1 when letterboxed. */
export function rectOfSeen(seen: SeenArea, picture: Extent): Rect {
  return {
    x: seen.x / picture.width,
    y: seen.y / picture.height,
    w: seen.width / picture.width,
    h: seen.height / picture.height,
  };
}
