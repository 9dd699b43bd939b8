import { sampleSmooth } from "./enlarge.ts";

/** A line in map fractions: x0, y0, x1, y1, …; closed lines end where they began. */
export type Contour = readonly number[];

interface Crossing {
  readonly key: string;
  readonly x: number;
  readonly y: number;
}

/**
 * Outlines of the area at or above `level` on the smooth map, by marching squares over points between its cells (`perCell` to a
 * cell). The map's edge closes an area that reaches it, so every line is closed. A saddle joins the two high corners when
 * the value in its middle is high.
 */
export function contours(
  map: { readonly values: ArrayLike<number>; readonly height: number; readonly width: number },
  level: number,
  perCell = 8,
): Contour[] {
  const field = padded(map, perCell);
  const next = new Map<string, Crossing>();
  const starts = new Map<string, Crossing>();
  for (let row = 0; row + 1 < field.rows; row++)
    for (let column = 0; column + 1 < field.columns; column++)
      for (const [from, to] of segments(field, row, column, level)) {
        next.set(from.key, to);
        starts.set(from.key, from);
      }
  return join(next, starts);
}

interface Field {
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): number;
  x(column: number): number;
  y(row: number): number;
}

/** Points on the map, edges included, and round them a ring at the same places whose value is under every level. */
function padded(
  { values, height, width }: { values: ArrayLike<number>; height: number; width: number },
  perCell: number,
): Field {
  const [down, across] = [height * perCell, width * perCell];
  const inner = new Float64Array((down + 1) * (across + 1));
  for (let row = 0; row <= down; row++)
    for (let column = 0; column <= across; column++)
      inner[row * (across + 1) + column] = sampleSmooth(
        values,
        height,
        width,
        column / across,
        row / down,
      );
  const held = (i: number, last: number) => Math.min(last, Math.max(0, i - 1));
  return {
    rows: down + 3,
    columns: across + 3,
    at: (row, column) =>
      row === 0 || column === 0 || row === down + 2 || column === across + 2
        ? -Infinity
        : inner[(row - 1) * (across + 1) + column - 1],
    x: (column) => held(column, across) / across,
    y: (row) => held(row, down) / down,
  };
}

/** Directed line pieces of one square, the high side on their right. */
function segments(
  field: Field,
  row: number,
  column: number,
  level: number,
): (readonly [Crossing, Crossing])[] {
  const corners = [
    [row, column],
    [row, column + 1],
    [row + 1, column + 1],
    [row + 1, column],
  ] as const;
  const isHigh = corners.map(([r, c]) => field.at(r, c) >= level);
  const enters: number[] = [];
  const leaves: number[] = [];
  for (let side = 0; side < 4; side++) {
    const [a, b] = [isHigh[side], isHigh[(side + 1) % 4]];
    if (!a && b) enters.push(side);
    if (a && !b) leaves.push(side);
  }
  if (enters.length === 0) return [];
  const cross = (side: number) => crossing(field, corners[side], corners[(side + 1) % 4], level);
  if (enters.length === 1) return [[cross(leaves[0]), cross(enters[0])]];
  const middle = corners.reduce((sum, [r, c]) => sum + field.at(r, c), 0) / 4;
  // Round the square, a line that leaves a high corner enters it again before it (corners apart) or after it (joined).
  const step = middle >= level ? 1 : 3;
  return leaves.map((side) => [cross(side), cross((side + step) % 4)] as const);
}

function crossing(
  field: Field,
  a: readonly [number, number],
  b: readonly [number, number],
  level: number,
): Crossing {
  const [first, second] = a[0] < b[0] || a[1] < b[1] ? [a, b] : [b, a];
  const [low, high] = [field.at(...first), field.at(...second)];
  const part = !Number.isFinite(low)
    ? 1
    : !Number.isFinite(high)
      ? 0
      : (level - low) / (high - low);
  const along = (from: number, to: number) => from + (to - from) * part;
  return {
    key: `${first[0]},${first[1]},${second[0] > first[0] ? "down" : "across"}`,
    x: along(field.x(first[1]), field.x(second[1])),
    y: along(field.y(first[0]), field.y(second[0])),
  };
}

function join(next: Map<string, Crossing>, starts: Map<string, Crossing>): Contour[] {
  const lines: Contour[] = [];
  for (const [key, start] of starts) {
    if (!next.has(key)) continue;
    const line = [start.x, start.y];
    for (let at = key; ;) {
      const to = next.get(at);
      if (!to) break;
      next.delete(at);
      if (to.x !== line.at(-2) || to.y !== line.at(-1)) line.push(to.x, to.y);
      at = to.key;
    }
    if (line.length > 4) lines.push(line);
  }
  return lines;
}
