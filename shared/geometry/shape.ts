/** Shapes in image fractions 0..1: x to the right, y downwards, of the picture as it is shown. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Polygon {
  /** Outer ring first, then holes; each ring a flat list x0, y0, x1, y1, … */
  readonly rings: readonly (readonly number[])[];
}
