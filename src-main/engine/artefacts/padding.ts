import { defineDetector } from "./detector.ts";

/**
 * What surrounds the picture proper: bars of one grey on any side (letterbox, scanner frame), and darkness that
 * reaches in from a corner (the round view of a dermatoscope, air beside a body). A subject on a dark ground is no
 * padding: beyond 60 % of the area the darkness is taken for the ground.
 */
export const padding = defineDetector({
  name: "padding",
  detect({ grey, width, height }) {
    const mask = new Uint8Array(grey.length);
    markBars(grey, width, height, mask);
    markDarkCorners(grey, width, height, mask);
    let area = 0;
    for (let i = 0; i < mask.length; i++) if (mask[i] > 0) area++;
    const share = area / mask.length;
    return share >= 0.005 && share <= 0.6 ? mask : null;
  },
});

/** Standard deviation under which a row or column is one grey, JPEG's ringing included. */
const flatness = 2;
const dark = 12;

function markBars(grey: Uint8Array, width: number, height: number, mask: Uint8Array): void {
  const top = barDepth(height, (y) => flatLevel(grey, y * width, 1, width));
  const bottom = barDepth(height, (y) => flatLevel(grey, (height - 1 - y) * width, 1, width));
  const left = barDepth(width, (x) => flatLevel(grey, x, width, height));
  const right = barDepth(width, (x) => flatLevel(grey, width - 1 - x, width, height));
  if (top + bottom + left + right === 0) return;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (y < top || y >= height - bottom || x < left || x >= width - right)
        mask[y * width + x] = 255;
}

/** How many lines from the edge inwards share one grey. */
function barDepth(lines: number, levelOf: (line: number) => number | null): number {
  const first = levelOf(0);
  if (first === null) return 0;
  let depth = 1;
  for (; depth < lines; depth++) {
    const level = levelOf(depth);
    if (level === null || Math.abs(level - first) > flatness) break;
  }
  return depth;
}

/** Mean grey of a line without structure; null of any other. */
function flatLevel(grey: Uint8Array, start: number, step: number, length: number): number | null {
  let sum = 0;
  let squares = 0;
  for (let i = 0, p = start; i < length; i++, p += step) {
    sum += grey[p];
    squares += grey[p] * grey[p];
  }
  const mean = sum / length;
  return squares / length - mean * mean < flatness * flatness ? mean : null;
}

/** Floods from each corner over dark pixels, side by side. */
function markDarkCorners(grey: Uint8Array, width: number, height: number, mask: Uint8Array): void {
  const queue = new Int32Array(grey.length);
  const isSeen = new Uint8Array(grey.length);
  let end = 0;
  const visit = (p: number) => {
    if (grey[p] >= dark || isSeen[p]) return;
    isSeen[p] = 1;
    queue[end++] = p;
  };
  for (const p of [0, width - 1, (height - 1) * width, height * width - 1]) visit(p);
  for (let at = 0; at < end; at++) {
    const p = queue[at];
    const x = p % width;
    mask[p] = 255;
    if (x > 0) visit(p - 1);
    if (x < width - 1) visit(p + 1);
    if (p >= width) visit(p - width);
    if (p < (height - 1) * width) visit(p + width);
  }
}
