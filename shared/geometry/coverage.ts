import type { Shape } from "../domain/review.ts";
import { uprightRect } from "./box.ts";
import { chordOfEllipse, isInEllipse } from "./ellipse.ts";
import { emptyMask, type Mask, unionOf } from "./mask.ts";
import { areaOfPolygon, edgesOf, isInPolygon } from "./polygon.ts";
import { isInRect } from "./box.ts";
import type { Polygon, Rect } from "./shape.ts";

/**
 * Shapes drawn as coverage, so that an edge counts by the part of the pixel it takes. Rectangles are exact; ellipses and
 * polygons (even-odd, so that holes stay open whatever their direction) are exact across and sampled on 16 lines a row.
 */
const linesPerRow = 16;

/** Mask of one shape on a picture of `width × height` pixels. */
export function maskOfShape(shape: Shape, width: number, height: number): Mask {
  const data = Uint8Array.from(coverageOf(shape, width, height), (share) =>
    Math.round(share * 255),
  );
  return { width, height, data };
}

/** Share 0..1 of each pixel that a shape covers, `[height, width]`. */
export function coverageOf(shape: Shape, width: number, height: number): Float32Array {
  switch (shape.kind) {
    case "rect":
      return coverOfRect(uprightRect(shape), width, height);
    case "ellipse":
      return coverOfEllipse(uprightRect(shape), width, height);
    case "polygon":
      return coverOfPolygon(shape, width, height);
  }
}

/** Mask of several shapes: what any of them covers. */
export function maskOfShapes(shapes: readonly Shape[], width: number, height: number): Mask {
  return shapes
    .map((shape) => maskOfShape(shape, width, height))
    .reduce(unionOf, emptyMask(width, height));
}

/** Whether a point, in image fractions, lies in a shape. */
export function isInShape(shape: Shape, x: number, y: number): boolean {
  switch (shape.kind) {
    case "rect":
      return isInRect(uprightRect(shape), x, y);
    case "ellipse":
      return isInEllipse(uprightRect(shape), x, y);
    case "polygon":
      return isInPolygon(shape, x, y);
  }
}

/** Area of a shape as a share of the picture, wherever it lies. */
export function areaOfShape(shape: Shape): number {
  switch (shape.kind) {
    case "rect":
      return Math.abs(shape.w * shape.h);
    case "ellipse":
      return (Math.PI / 4) * Math.abs(shape.w * shape.h);
    case "polygon":
      return areaOfPolygon(shape);
  }
}

function coverOfRect(rect: Rect, width: number, height: number): Float32Array {
  const cover = new Float32Array(width * height);
  const across = spanCover(rect.x * width, (rect.x + rect.w) * width, width);
  const down = spanCover(rect.y * height, (rect.y + rect.h) * height, height);
  for (let y = 0; y < height; y++) {
    const row = down[y];
    if (row > 0) for (let x = 0; x < width; x++) cover[y * width + x] = row * across[x];
  }
  return cover;
}

/** How much of each of `size` unit intervals the span takes. */
function spanCover(from: number, to: number, size: number): Float32Array {
  const cover = new Float32Array(size);
  addSpan(cover, 0, size, from, to, 1);
  return cover;
}

function coverOfEllipse(box: Rect, width: number, height: number): Float32Array {
  const cover = new Float32Array(width * height);
  for (let k = 0; k < height * linesPerRow; k++) {
    const chord = chordOfEllipse(box, (k + 0.5) / linesPerRow / height);
    if (!chord) continue;
    const offset = Math.floor(k / linesPerRow) * width;
    addSpan(cover, offset, width, chord.from * width, chord.to * width, 1 / linesPerRow);
  }
  return cover;
}

function coverOfPolygon(polygon: Polygon, width: number, height: number): Float32Array {
  const crossings: number[][] = Array.from({ length: height * linesPerRow }, () => []);
  for (const [[fx, fy], [tx, ty]] of edgesOf(polygon)) {
    const [x0, y0, x1, y1] = [fx * width, fy * height, tx * width, ty * height];
    // Lines lie at (k + 0.5) / linesPerRow; an edge crosses those in [min, max).
    const first = Math.max(0, Math.ceil(Math.min(y0, y1) * linesPerRow - 0.5));
    const last = Math.min(crossings.length, Math.ceil(Math.max(y0, y1) * linesPerRow - 0.5));
    for (let k = first; k < last; k++) {
      const y = (k + 0.5) / linesPerRow;
      crossings[k]?.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
    }
  }
  const cover = new Float32Array(width * height);
  crossings.forEach((xs, k) => {
    xs.sort((a, b) => a - b);
    const offset = Math.floor(k / linesPerRow) * width;
    for (let i = 0; i + 1 < xs.length; i += 2)
      addSpan(cover, offset, width, xs[i], xs[i + 1], 1 / linesPerRow);
  });
  return cover.map((share) => Math.min(1, share));
}

/** Adds `weight` times the part of each unit interval that the span takes. */
function addSpan(
  cover: Float32Array,
  offset: number,
  size: number,
  from: number,
  to: number,
  weight: number,
): void {
  const begin = Math.min(size, Math.max(0, from));
  const end = Math.min(size, Math.max(0, to));
  for (let x = Math.floor(begin); x < end; x++) {
    const part = Math.min(end, x + 1) - Math.max(begin, x);
    cover[offset + x] = cover[offset + x] + weight * part;
  }
}
