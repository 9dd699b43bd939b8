import type { Layout } from "../../shared/domain/preparation.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";

/** Changed copies of one prepared input: for stability (shifts) and necessity (covered cells). */

interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Distance in values between channels, rows, columns. */
  readonly step: readonly [channel: number, row: number, column: number];
}

function planesOf(image: Tensor, layout: Layout): Planes {
  const [, a, b, c] = image.dims;
  return layout === "NCHW"
    ? { channels: a, height: b, width: c, step: [b * c, c, 1] }
    : { channels: c, height: a, width: b, step: [1, b * c, c] };
}

/**
 * The input moved by `(dx, dy)` pixels, edges repeated: value at (x, y) comes from (x − dx, y − dy).
 * `image` is `[1,C,H,W]` or `[1,H,W,C]`; the result has the same dims.
 */
export function shiftInput(image: Tensor, layout: Layout, dx: number, dy: number): Float32Array {
  const { channels, height, width, step } = planesOf(image, layout);
  const shifted = new Float32Array(image.data.length);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      const sourceY = Math.min(height - 1, Math.max(0, y - dy));
      for (let x = 0; x < width; x++) {
        const sourceX = Math.min(width - 1, Math.max(0, x - dx));
        shifted[c * step[0] + y * step[1] + x * step[2]] =
          image.data[c * step[0] + sourceY * step[1] + sourceX * step[2]];
      }
    }
  }
  return shifted;
}

/**
 * A map `[h,w]` of an input moved by `(dx, dy)` input pixels, moved back on its own grid; bilinear between cells, edges
 * repeated.
 */
export function shiftMapBack(
  map: Float32Array,
  [h, w]: readonly [number, number],
  dxCells: number,
  dyCells: number,
): Float32Array {
  const back = new Float32Array(h * w);
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
  for (let i = 0; i < h; i++) {
    const y = clamp(i + dyCells, h - 1);
    const y0 = Math.floor(y);
    const y1 = Math.min(h - 1, y0 + 1);
    for (let j = 0; j < w; j++) {
      const x = clamp(j + dxCells, w - 1);
      const x0 = Math.floor(x);
      const x1 = Math.min(w - 1, x0 + 1);
      const top = map[y0 * w + x0] * (1 - (x - x0)) + map[y0 * w + x1] * (x - x0);
      const bottom = map[y1 * w + x0] * (1 - (x - x0)) + map[y1 * w + x1] * (x - x0);
      back[i * w + j] = top * (1 - (y - y0)) + bottom * (y - y0);
    }
  }
  return back;
}

/** Indices of the hottest `share` of the cells, at least one; ties by the lower index. */
export function hottestCells(map: Float32Array, share: number): readonly number[] {
  const count = Math.max(1, Math.round(map.length * share));
  return Array.from(map.keys())
    .toSorted((a, b) => map[b] - map[a] || a - b)
    .slice(0, count);
}

/** The input with these cells of an h × w grid replaced by a blurred copy of itself (Gaussian, σ = 1/20 of the width). */
export function blurCells(
  image: Tensor,
  layout: Layout,
  [h, w]: readonly [number, number],
  cells: readonly number[],
): Float32Array {
  const { channels, height, width, step } = planesOf(image, layout);
  const blurred = gaussianBlur(image, layout, Math.max(1, width / 20));
  const covered = Float32Array.from(image.data);
  const isCovered = new Uint8Array(h * w);
  for (const cell of cells) isCovered[cell] = 1;
  for (let y = 0; y < height; y++) {
    const row = Math.min(h - 1, Math.floor(((y + 0.5) * h) / height)) * w;
    for (let x = 0; x < width; x++) {
      if (!isCovered[row + Math.min(w - 1, Math.floor(((x + 0.5) * w) / width))]) continue;
      for (let c = 0; c < channels; c++) {
        const at = c * step[0] + y * step[1] + x * step[2];
        covered[at] = blurred[at];
      }
    }
  }
  return covered;
}

function gaussianBlur(image: Tensor, layout: Layout, sigma: number): Float32Array {
  const planes = planesOf(image, layout);
  const radius = Math.ceil(sigma * 3);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((total, value) => total + value, 0);
  for (let i = 0; i < kernel.length; i++) kernel[i] /= sum;
  const along = blurAlong(image.data, planes, kernel, "x");
  return blurAlong(along, planes, kernel, "y");
}

function blurAlong(
  data: Float32Array,
  { channels, height, width, step }: Planes,
  kernel: Float64Array,
  axis: "x" | "y",
): Float32Array {
  const radius = (kernel.length - 1) / 2;
  const [channelStep, rowStep, columnStep] = step;
  const size = axis === "x" ? width : height;
  const stride = axis === "x" ? columnStep : rowStep;
  const out = new Float32Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = c * channelStep + y * rowStep + x * columnStep;
        const position = axis === "x" ? x : y;
        let sum = 0;
        for (let i = -radius; i <= radius; i++) {
          const source = Math.min(size - 1, Math.max(0, position + i));
          sum += kernel[i + radius] * data[at + (source - position) * stride];
        }
        out[at] = sum;
      }
    }
  }
  return out;
}
