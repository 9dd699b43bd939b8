/** Values `[h,w]` on a `[toH,toW]` grid, bilinear, half-pixel centres (corners are not aligned), edges held. */
export function enlargeSmooth(
  values: ArrayLike<number>,
  h: number,
  w: number,
  toH: number,
  toW: number,
): Float32Array {
  const columns = axis(w, toW);
  const out = new Float32Array(toH * toW);
  for (let y = 0; y < toH; y++) {
    const { low, high, part } = sampleAt(y, h, toH);
    const top = low * w;
    const bottom = high * w;
    for (let x = 0; x < toW; x++) {
      const left = columns.low[x];
      const right = columns.high[x];
      const across = columns.part[x];
      const above = values[top + left] * (1 - across) + values[top + right] * across;
      const below = values[bottom + left] * (1 - across) + values[bottom + right] * across;
      out[y * toW + x] = above * (1 - part) + below * part;
    }
  }
  return out;
}

/** Values `[h,w]` on a `[toH,toW]` grid, each target cell the value of the source cell under its centre. */
export function enlargeBlocky(
  values: ArrayLike<number>,
  h: number,
  w: number,
  toH: number,
  toW: number,
): Float32Array {
  const out = new Float32Array(toH * toW);
  for (let y = 0; y < toH; y++) {
    const from = Math.min(h - 1, Math.floor(((y + 0.5) * h) / toH)) * w;
    for (let x = 0; x < toW; x++)
      out[y * toW + x] = values[from + Math.min(w - 1, Math.floor(((x + 0.5) * w) / toW))];
  }
  return out;
}

/** Value of `[h,w]` at a place in grid fractions 0..1, as `enlargeSmooth` would draw it. */
export function sampleSmooth(
  values: ArrayLike<number>,
  h: number,
  w: number,
  x01: number,
  y01: number,
): number {
  const row = between(y01 * h - 0.5, h);
  const column = between(x01 * w - 0.5, w);
  const at = (y: number, x: number) => values[y * w + x];
  const above =
    at(row.low, column.low) * (1 - column.part) + at(row.low, column.high) * column.part;
  const below =
    at(row.high, column.low) * (1 - column.part) + at(row.high, column.high) * column.part;
  return above * (1 - row.part) + below * row.part;
}

/** Reads values `[h,w]` at places in grid fractions 0..1, smooth or cell by cell. */
export function sampler(
  values: ArrayLike<number>,
  h: number,
  w: number,
  isSmooth: boolean,
): (x01: number, y01: number) => number {
  if (isSmooth) return (x01, y01) => sampleSmooth(values, h, w, x01, y01);
  const cell = (at01: number, size: number) =>
    Math.min(size - 1, Math.max(0, Math.floor(at01 * size)));
  return (x01, y01) => values[cell(y01, h) * w + cell(x01, w)];
}

interface Between {
  readonly low: number;
  readonly high: number;
  readonly part: number;
}

function between(position: number, size: number): Between {
  const held = Math.min(size - 1, Math.max(0, position));
  const low = Math.floor(held);
  return { low, high: Math.min(size - 1, low + 1), part: held - low };
}

function sampleAt(index: number, from: number, to: number): Between {
  return between(((index + 0.5) * from) / to - 0.5, from);
}

function axis(from: number, to: number) {
  const low = new Int32Array(to);
  const high = new Int32Array(to);
  const part = new Float64Array(to);
  for (let i = 0; i < to; i++) {
    const sample = sampleAt(i, from, to);
    low[i] = sample.low;
    high[i] = sample.high;
    part[i] = sample.part;
  }
  return { low, high, part };
}
