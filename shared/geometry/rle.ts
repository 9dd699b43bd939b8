import type { Mask } from "./mask.ts";

/**
 * COCO's run lengths: counts of pixels column by column, of background first. The compressed form writes each count
 * (from the fourth on, its difference to the one two before) in base 32, low digits first, one character a digit.
 */

/** Counts of a compressed string; null where it is not one. */
export function decodeCounts(text: string): number[] | null {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    for (let shift = 0; ; shift += 5) {
      const digit = text.charCodeAt(at++) - 48;
      if (!(digit >= 0 && digit < 64) || shift > 30) return null; // NaN past the end
      value |= (digit & 31) << shift;
      if ((digit & 32) !== 0) continue;
      if ((digit & 16) !== 0 && shift < 27) value |= -1 << (shift + 5);
      break;
    }
    const count = value + (counts.length > 2 ? counts[counts.length - 2] : 0);
    if (count < 0) return null;
    counts.push(count);
  }
  return counts;
}

/** The compressed string of counts. */
export function encodeCounts(counts: readonly number[]): string {
  let text = "";
  for (let i = 0; i < counts.length; i++) {
    let value = counts[i] - (i > 2 ? counts[i - 2] : 0);
    for (let more = true; more;) {
      const low = value & 31;
      value >>= 5;
      more = (low & 16) !== 0 ? value !== -1 : value !== 0;
      text += String.fromCharCode(48 + low + (more ? 32 : 0));
    }
  }
  return text;
}

/** The mask of counts; null unless they fill `width × height` exactly. */
export function maskOfCounts(
  counts: readonly number[],
  width: number,
  height: number,
): Mask | null {
  let total = 0;
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0) return null;
    total += count;
  }
  if (total !== width * height) return null;
  const data = new Uint8Array(width * height);
  let at = 0;
  counts.forEach((count, i) => {
    const end = at + count;
    if (i % 2 === 1)
      for (let p = at; p < end; p++) data[(p % height) * width + Math.floor(p / height)] = 255;
    at = end;
  });
  return { width, height, data };
}

/** Counts of a mask; a pixel belongs to it from half coverage on. */
export function countsOfMask(mask: Mask): number[] {
  const { width, height, data } = mask;
  const counts: number[] = [];
  let run = 0;
  let isInside = false;
  for (let x = 0; x < width; x++)
    for (let y = 0; y < height; y++) {
      if (data[y * width + x] >= 128 !== isInside) {
        counts.push(run);
        run = 0;
        isInside = !isInside;
      }
      run++;
    }
  counts.push(run);
  return counts;
}
