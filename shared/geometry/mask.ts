/**
 * Where something is on a picture: `data[y, x]` says how much of the pixel it covers, 0 none … 255 all. Masks from
 * files hold 0 and 255 alone; shapes cover their edge pixels in part.
 */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A mask that covers nothing. */
export function emptyMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** What either covers, pixel by pixel: `max(a, b)`. Both must have one size. */
export function unionOf(a: Mask, b: Mask): Mask {
  const data = new Uint8Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = Math.max(a.data[i], b.data[i]);
  return { width: a.width, height: a.height, data };
}

/** Share of the picture that the mask covers, 0..1. */
export function areaShareOf(mask: Mask): number {
  let sum = 0;
  for (const value of mask.data) sum += value;
  return mask.data.length === 0 ? 0 : sum / (255 * mask.data.length);
}

/** The mask at another size by nearest neighbour, as a mask file of another size than its picture is read. */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  if (mask.width === width && mask.height === height) return mask;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = Math.floor(((y + 0.5) * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x++)
      data[y * width + x] = mask.data[from + Math.floor(((x + 0.5) * mask.width) / width)];
  }
  return { width, height, data };
}

/**
 * A mask drawn on the stored picture, turned as EXIF orientation 5 to 8 turns the picture on its side. Of a
 * `width × height` mask, the pixel shown at (x, y) is the stored one at:
 *
 *   5 (y, x)    6 (y, height − 1 − x)    7 (width − 1 − y, height − 1 − x)    8 (width − 1 − y, x)
 */
export function turnMask(mask: Mask, orientation: 5 | 6 | 7 | 8): Mask {
  const { width, height } = mask;
  const data = new Uint8Array(mask.data.length);
  const isFromRight = orientation >= 7;
  const isFromBelow = orientation === 6 || orientation === 7;
  for (let y = 0, to = 0; y < width; y++)
    for (let x = 0; x < height; x++, to++) {
      const column = isFromRight ? width - 1 - y : y;
      const row = isFromBelow ? height - 1 - x : x;
      data[to] = mask.data[row * width + column];
    }
  return { width: height, height: width, data };
}
