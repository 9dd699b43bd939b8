/** A region on a model's input: the pixels that it touches, in raster order, and how much of each it covers, 0..1. */
export interface Stamp {
  readonly pixels: Int32Array;
  readonly cover: Float32Array;
}

/** A rectangle of whole pixels; `right` and `bottom` lie outside it. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The stamp of a coverage `[height, width]`. */
export function stampOf(cover: Float32Array): Stamp {
  const pixels = Int32Array.from(cover.keys()).filter((pixel) => cover[pixel] > 0);
  return { pixels, cover: Float32Array.from(pixels, (pixel) => cover[pixel]) };
}

/** The smallest box around a stamp that touches at least one pixel. */
export function boxOfStamp({ pixels }: Stamp, width: number): PixelBox {
  let [left, right] = [width, 0];
  for (const pixel of pixels) {
    left = Math.min(left, pixel % width);
    right = Math.max(right, (pixel % width) + 1);
  }
  const top = Math.floor(pixels[0] / width);
  const bottom = Math.floor(pixels[pixels.length - 1] / width) + 1;
  return { left, top, right, bottom };
}

/** A stamp within its own box, in raster order, so that it can be put anywhere, as it is or mirrored. */
export interface LooseStamp {
  readonly width: number;
  readonly height: number;
  readonly columns: Int32Array;
  readonly rows: Int32Array;
  readonly cover: Float32Array;
}

export function loosen(stamp: Stamp, width: number): LooseStamp {
  const { left, top, right, bottom } = boxOfStamp(stamp, width);
  return {
    width: right - left,
    height: bottom - top,
    columns: stamp.pixels.map((pixel) => (pixel % width) - left),
    rows: stamp.pixels.map((pixel) => Math.floor(pixel / width) - top),
    cover: stamp.cover,
  };
}

/** The shape mirrored left to right, top to bottom, or both: of the same size. */
export function mirror(
  stamp: LooseStamp,
  { acrossX, acrossY }: { readonly acrossX: boolean; readonly acrossY: boolean },
): LooseStamp {
  const columns = acrossX ? stamp.columns.map((x) => stamp.width - 1 - x) : stamp.columns;
  const rows = acrossY ? stamp.rows.map((y) => stamp.height - 1 - y) : stamp.rows;
  const order = Int32Array.from(rows.keys()).sort(
    (a, b) => rows[a] - rows[b] || columns[a] - columns[b],
  );
  return {
    ...stamp,
    columns: order.map((i) => columns[i]),
    rows: order.map((i) => rows[i]),
    cover: Float32Array.from(order, (i) => stamp.cover[i]),
  };
}

/** A loose stamp with its box's left upper corner at (`left`, `top`) of an input of this width. */
export function putDown(stamp: LooseStamp, left: number, top: number, width: number): Stamp {
  const { rows, columns, cover } = stamp;
  return { pixels: rows.map((y, i) => (top + y) * width + left + columns[i]), cover };
}
