/**
 * White top-hat, `I − opening(I)`, with a square of `2·radius + 1`: how far a pixel stands out of anything wider than
 * the square. Thin bright strokes stay with their full contrast; large bright bodies and their edges vanish.
 */
export function brightDetail(
  grey: Uint8Array,
  width: number,
  height: number,
  radius: number,
): Uint8Array {
  const opened = dilate(erode(grey, width, height, radius), width, height, radius);
  const out = new Uint8Array(grey.length);
  for (let i = 0; i < out.length; i++) out[i] = grey[i] > opened[i] ? grey[i] - opened[i] : 0;
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
