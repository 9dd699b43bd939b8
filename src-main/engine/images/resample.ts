import type { Resample } from "../../../shared/domain/preparation.ts";

/**
 * Resampling kernels, written out because models are sensitive to them and libraries differ.
 *
 *   area                mean over the box of source pixels, fractions included; at whole scales Pillow's BOX
 *   bilinear-antialias  triangle widened by the scale, as Pillow and torchvision
 *   bilinear            the two nearest source pixels an axis, half-pixel centres, no low-pass (TensorFlow's default)
 *
 * The first two work as Pillow does: 22-bit weights, across first, then down, and each pass rounded to a byte, so that
 * a picture gets the very bytes it had in training. (The demo set's logits tell the difference: 0.02 without.) The
 * third keeps fractions.
 */
export interface AxisWeights {
  /** First source index of each output. */
  readonly starts: Int32Array;
  /** `[outputs, taps]`, 0 where an output needs fewer. */
  readonly weights: Float64Array;
  readonly taps: number;
}

/** Weights of `count` outputs from index `from` on, when `inSize` samples are scaled to `outSize`. */
export function axisWeights(
  kind: Resample,
  inSize: number,
  outSize: number,
  from = 0,
  count = outSize,
): AxisWeights {
  const scale = inSize / outSize;
  const support = kind === "area" ? scale / 2 : kind === "bilinear" ? 1 : Math.max(scale, 1);
  const taps = Math.min(inSize, Math.ceil(support) * 2 + 1);
  const starts = new Int32Array(count);
  const weights = new Float64Array(count * taps);
  for (let i = 0; i < count; i++) {
    const [start, row] = outputWeights(kind, from + i, scale, inSize);
    starts[i] = start;
    weights.set(row, i * taps);
  }
  return { starts, weights, taps };
}

function outputWeights(
  kind: Resample,
  output: number,
  scale: number,
  inSize: number,
): [start: number, weights: number[]] {
  switch (kind) {
    case "area": {
      const begin = output * scale;
      const end = Math.min(inSize, begin + scale);
      // A sliver under 1e-9 is rounding of `output * scale`, not a pixel.
      const start = Math.floor(begin + 1e-9);
      const stop = Math.max(start + 1, Math.ceil(end - 1e-9));
      const row: number[] = [];
      for (let x = start; x < stop; x++)
        row.push((Math.min(end, x + 1) - Math.max(begin, x)) / (end - begin));
      return [start, row.map(fixed)];
    }
    case "bilinear": {
      const at = Math.min(Math.max((output + 0.5) * scale - 0.5, 0), inSize - 1);
      const start = Math.min(Math.floor(at), Math.max(0, inSize - 2));
      return inSize === 1 ? [0, [1]] : [start, [1 - (at - start), at - start]];
    }
    case "bilinear-antialias": {
      const width = Math.max(scale, 1);
      const centre = (output + 0.5) * scale;
      const start = Math.max(0, Math.trunc(centre - width + 0.5));
      const stop = Math.min(inSize, Math.trunc(centre + width + 0.5));
      const row: number[] = [];
      for (let x = start; x < stop; x++)
        row.push(Math.max(0, 1 - Math.abs((x - centre + 0.5) / width)));
      const sum = row.reduce((a, b) => a + b, 0);
      return [start, row.map((w) => fixed(w / sum))];
    }
  }
}

const fixedBits = 22;
const fixedOne = 1 << fixedBits;
const fixed = (weight: number) => Math.round(weight * fixedOne);

/** A window of a scaled picture. */
export interface ScaledWindow {
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The window of the picture `[height, width, channels]` scaled to the given size, as values 0..255,
 * `[height, width, channels]` of the window. The window must lie inside the scaled picture.
 */
export function resample(
  picture: { widthPx: number; heightPx: number; channels: number; data: ArrayLike<number> },
  kind: Resample,
  window: ScaledWindow,
): Float32Array {
  const { widthPx, heightPx, channels, data } = picture;
  const { left, top, width, height } = window;
  const across = axisWeights(kind, widthPx, window.scaledWidth, left, width);
  const down = axisWeights(kind, heightPx, window.scaledHeight, top, height);
  const isBytes = kind !== "bilinear";
  const firstRow = Math.min(...down.starts);
  const lastRow = Math.min(heightPx, Math.max(...down.starts) + down.taps);

  // Pillow leaves out a pass that changes nothing; with 22-bit weights of exactly one that is the same bytes.
  const rows = new Float32Array((lastRow - firstRow) * width * channels);
  for (let y = firstRow; y < lastRow; y++)
    pass(data, y * widthPx * channels, channels, widthPx, across, channels, isBytes, {
      out: rows,
      at: (y - firstRow) * width * channels,
      step: channels,
    });
  const out = new Float32Array(height * width * channels);
  const rowSize = width * channels;
  for (let y = 0; y < height; y++)
    verticalPass(rows, rowSize, firstRow, lastRow, down, y, isBytes, out);
  return out;
}

/** One row across: `out[x, c] = Σ_t w[x, t] · data[start_x + t, c]`. */
function pass(
  data: ArrayLike<number>,
  offset: number,
  step: number,
  size: number,
  axis: AxisWeights,
  channels: number,
  isBytes: boolean,
  to: { out: Float32Array; at: number; step: number },
): void {
  const { starts, weights, taps } = axis;
  for (let x = 0; x < starts.length; x++) {
    const start = starts[x];
    const end = Math.min(taps, size - start);
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let t = 0; t < end; t++)
        sum += weights[x * taps + t] * data[offset + (start + t) * step + c];
      to.out[to.at + x * to.step + c] = isBytes ? toByte(sum) : sum;
    }
  }
}

/** Output row `y`: `out[y, i] = Σ_t w[y, t] · rows[start_y + t, i]`. */
function verticalPass(
  rows: Float32Array,
  rowSize: number,
  firstRow: number,
  lastRow: number,
  axis: AxisWeights,
  y: number,
  isBytes: boolean,
  out: Float32Array,
): void {
  const start = axis.starts[y];
  const end = Math.min(axis.taps, lastRow - start);
  const sums = new Float64Array(rowSize);
  for (let t = 0; t < end; t++) {
    const weight = axis.weights[y * axis.taps + t];
    if (weight === 0) continue;
    const from = (start - firstRow + t) * rowSize;
    for (let i = 0; i < rowSize; i++) sums[i] = sums[i] + weight * rows[from + i];
  }
  for (let i = 0; i < rowSize; i++) out[y * rowSize + i] = isBytes ? toByte(sums[i]) : sums[i];
}

function toByte(fixed: number): number {
  return Math.min(255, Math.max(0, Math.floor((fixed + fixedOne / 2) / fixedOne)));
}
