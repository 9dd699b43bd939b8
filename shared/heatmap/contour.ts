import { sampleSmooth } from "./enlarge.ts";

/** A line in map fractions: x0, y0, x1, y1, …; closed lines end where they began. */
export type Contour = readonly number[];

/**
 * Outlines of the area at or above `level` on the smooth map, by marching squares over points between its cells (`perCell` to a
 * cell). The map's edge closes an area that reaches it, so every line is closed and runs clockwise round what is high. A
 * saddle joins its two high corners when the value in its middle is high.
 */
export function contours(
  map: { readonly values: ArrayLike<number>; readonly height: number; readonly width: number },
  level: number,
  perCell = 8,
): Contour[] {
  const field = padded(map, perCell);
  const next = new Map<number, number>(); // crossing → crossing, each by the id of its square's side
  for (let row = 0; row + 1 < field.rows; row++)
    for (let column = 0; column + 1 < field.columns; column++)
      trace(field, row, column, level, next);
  return join(field, level, next);
}

interface Field {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** Points on the map, edges included, and round them a ring at the same places whose value is under every level. */
function padded(
  { values, height, width }: { values: ArrayLike<number>; height: number; width: number },
  perCell: number,
): Field {
  const [down, across] = [height * perCell, width * perCell];
  const [rows, columns] = [down + 3, across + 3];
  const field = new Float64Array(rows * columns).fill(-Infinity);
  for (let row = 0; row <= down; row++)
    for (let column = 0; column <= across; column++)
      field[(row + 1) * columns + column + 1] = sampleSmooth(
        values,
        height,
        width,
        column / across,
        row / down,
      );
  return { rows, columns, values: field };
}

/** Sides of squares by number: twice the index of their first point, plus 1 when they run down. */
function trace(
  { columns, values }: Field,
  row: number,
  column: number,
  level: number,
  next: Map<number, number>,
): void {
  const at = row * columns + column;
  const [a, b] = [values[at], values[at + 1]];
  const [d, c] = [values[at + columns], values[at + columns + 1]];
  const isHigh = [a >= level, b >= level, c >= level, d >= level]; // clockwise from the upper left
  const high = Number(isHigh[0]) + Number(isHigh[1]) + Number(isHigh[2]) + Number(isHigh[3]);
  if (high === 0 || high === 4) return;
  const sides = [2 * at, 2 * (at + 1) + 1, 2 * (at + columns), 2 * at + 1]; // top, right, bottom, left
  const isSaddle = high === 2 && isHigh[0] === isHigh[2];
  for (let side = 0; side < 4; side++) {
    if (!isHigh[side] || isHigh[(side + 1) % 4]) continue; // a line starts where high turns low
    // It ends where low turns high: the next such side clockwise, or in a saddle apart the one before.
    const isApart = isSaddle && a + b + c + d < 4 * level;
    let end = isApart ? (side + 3) % 4 : (side + 1) % 4;
    while (isHigh[end] || !isHigh[(end + 1) % 4]) end = (end + 1) % 4;
    next.set(sides[side], sides[end]);
  }
}

function place({ columns, rows, values }: Field, side: number, level: number): [number, number] {
  const point = side >> 1;
  const other = side & 1 ? point + columns : point + 1;
  const [low, high] = [values[point], values[other]];
  const part = low === -Infinity ? 1 : high === -Infinity ? 0 : (level - low) / (high - low);
  const x = (at: number) => Math.min(columns - 3, Math.max(0, (at % columns) - 1)) / (columns - 3);
  const y = (at: number) =>
    Math.min(rows - 3, Math.max(0, Math.floor(at / columns) - 1)) / (rows - 3);
  return [x(point) + (x(other) - x(point)) * part, y(point) + (y(other) - y(point)) * part];
}

function join(field: Field, level: number, next: Map<number, number>): Contour[] {
  const lines: Contour[] = [];
  for (const start of [...next.keys()]) {
    const line: number[] = [];
    for (let side: number | undefined = start; side !== undefined;) {
      const [x, y] = place(field, side, level);
      if (x !== line.at(-2) || y !== line.at(-1)) line.push(x, y);
      const to: number | undefined = next.get(side);
      next.delete(side);
      side = to;
    }
    if (line.length > 4) lines.push(line);
  }
  return lines;
}
