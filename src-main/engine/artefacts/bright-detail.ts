/**
 * How far a pixel stands out of anything wider than a square of some `2·radius + 1`: thin bright strokes stay with their
 * full contrast, large bright bodies and their edges vanish. A white top-hat, `I − opening(I)`, whose opening is
 * taken on squares of two by two pixels, a quarter of the work, and widened by one such square, so that bodies leave no
 * fringe.
 */
export function brightDetail(
  grey: Uint8Array,
  width: number,
  height: number,
  radius: number,
): Uint8Array {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const reach = Math.max(1, Math.round(radius / 2));
  const opened = dilate(erode(halved(grey, width, height), w, h, reach), w, h, reach + 1);
  const out = new Uint8Array(grey.length);
  for (let y = 0, i = 0; y < height; y++) {
    const row = (y >> 1) * w;
    for (let x = 0; x < width; x++, i++) {
      const detail = grey[i] - opened[row + (x >> 1)];
      out[i] = detail > 0 ? detail : 0;
    }
  }
  return out;
}

/** Least value of each square of two by two pixels. */
function halved(grey: Uint8Array, width: number, height: number): Uint8Array {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const out = new Uint8Array(w * h);
  for (let y = 0, to = 0; y < h; y++) {
    const upper = 2 * y * width;
    const lower = 2 * y + 1 < height ? upper + width : upper;
    for (let x = 0; x < w; x++, to++) {
      const left = 2 * x;
      const right = left + 1 < width ? left + 1 : left;
      const above = Math.min(grey[upper + left], grey[upper + right]);
      out[to] = Math.min(above, grey[lower + left], grey[lower + right]);
    }
  }
  return out;
}

/** Least value of the square around each pixel. */
export function erode(grey: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const padded = pad(grey, width, height, radius, 255);
  for (const step of steps(radius, width + 2 * radius)) {
    const end = padded.length - step;
    for (let i = 0; i < end; i++) {
      const here = padded[i];
      const ahead = padded[i + step];
      padded[i] = here < ahead ? here : ahead;
    }
  }
  return cut(padded, width, height, radius);
}

/** Greatest value of the square around each pixel. */
export function dilate(
  grey: Uint8Array,
  width: number,
  height: number,
  radius: number,
): Uint8Array {
  const padded = pad(grey, width, height, radius, 0);
  for (const step of steps(radius, width + 2 * radius)) {
    const end = padded.length - step;
    for (let i = 0; i < end; i++) {
      const here = padded[i];
      const ahead = padded[i + step];
      padded[i] = here > ahead ? here : ahead;
    }
  }
  return cut(padded, width, height, radius);
}

/**
 * Distances that grow a window of one to `2·radius + 1`, across, then down: 1, 2, 4, … and the rest. Each sweep is in
 * place, since a value ahead has not been changed yet; windows begin at the pixel, so that the padding centres them.
 */
function steps(radius: number, rowSize: number): number[] {
  const across: number[] = [];
  let covered = 1;
  for (const size = 2 * radius + 1; covered < size;) {
    const step = Math.min(covered, size - covered);
    across.push(step);
    covered += step;
  }
  return [...across, ...across.map((step) => step * rowSize)];
}

function pad(
  grey: Uint8Array,
  width: number,
  height: number,
  radius: number,
  value: number,
): Uint8Array {
  const rowSize = width + 2 * radius;
  const padded = new Uint8Array(rowSize * (height + 2 * radius)).fill(value);
  for (let y = 0; y < height; y++)
    padded.set(grey.subarray(y * width, (y + 1) * width), (y + radius) * rowSize + radius);
  return padded;
}

function cut(padded: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const rowSize = width + 2 * radius;
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    out.set(padded.subarray(y * rowSize, y * rowSize + width), y * width);
  return out;
}
