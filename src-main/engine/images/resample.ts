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
export function resample(picture: Pixels, kind: Resample, window: ScaledWindow): Samples {
  const { widthPx, heightPx } = picture;
  const across = weightsOf(kind, widthPx, window.scaledWidth, window.left, window.width);
  const down = weightsOf(kind, heightPx, window.scaledHeight, window.top, window.height);
  return kind === "bilinear"
    ? sampleFractions(picture, across, down)
    : sampleBytes(picture, across, down);
}

/** A picture, `[height, width, channels]`. */
interface Pixels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** A window of a scaled picture; it lies inside it. */
export interface ScaledWindow {
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Values 0..255 of the window, `[height, width, channels]`; bytes where the kernel rounds. */
export type Samples = Uint8Array | Float32Array;

/** For each output: its first source index, how many it takes, and their weights, `[outputs, taps]`. */
interface AxisWeights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float64Array;
  readonly taps: number;
}

const fixedBits = 22;
const fixedOne = 1 << fixedBits;
const fixedHalf = fixedOne / 2;

function weightsOf(
  kind: Resample,
  inSize: number,
  outSize: number,
  from: number,
  outputs: number,
): AxisWeights {
  const rows = Array.from({ length: outputs }, (_, i) => rowOf[kind](from + i, inSize, outSize));
  const taps = Math.max(1, ...rows.map(({ row }) => row.length));
  const weights = new Float64Array(outputs * taps);
  rows.forEach(({ row }, i) => weights.set(row, i * taps));
  return {
    starts: Int32Array.from(rows, ({ start }) => start),
    counts: Int32Array.from(rows, ({ row }) => row.length),
    weights,
    taps,
  };
}

type Row = { readonly start: number; readonly row: readonly number[] };

const fixed = (weight: number) => Math.round(weight * fixedOne);

/** Weights of one output, when `inSize` samples are scaled to `outSize`. */
const rowOf: Readonly<Record<Resample, (output: number, inSize: number, outSize: number) => Row>> =
  {
    area(output, inSize, outSize) {
      const scale = inSize / outSize;
      const begin = output * scale;
      const end = Math.min(inSize, begin + scale);
      // A sliver under 1e-9 is rounding of `output * scale`, not a pixel.
      const start = Math.floor(begin + 1e-9);
      const stop = Math.max(start + 1, Math.ceil(end - 1e-9));
      const row: number[] = [];
      for (let x = start; x < stop; x++)
        row.push(fixed((Math.min(end, x + 1) - Math.max(begin, x)) / (end - begin)));
      return { start, row };
    },
    bilinear(output, inSize, outSize) {
      if (inSize === 1) return { start: 0, row: [1] };
      const at = Math.min(Math.max(((output + 0.5) * inSize) / outSize - 0.5, 0), inSize - 1);
      const start = Math.min(Math.floor(at), inSize - 2);
      return { start, row: [1 - (at - start), at - start] };
    },
    "bilinear-antialias"(output, inSize, outSize) {
      const scale = inSize / outSize;
      const width = Math.max(scale, 1);
      const centre = (output + 0.5) * scale;
      const start = Math.max(0, Math.trunc(centre - width + 0.5));
      const stop = Math.min(inSize, Math.trunc(centre + width + 0.5));
      const row: number[] = [];
      for (let x = start; x < stop; x++)
        row.push(Math.max(0, 1 - Math.abs((x - centre + 0.5) / width)));
      const sum = row.reduce((a, b) => a + b, 0);
      return { start, row: row.map((weight) => fixed(weight / sum)) };
    },
  };

/** Source rows that the outputs read: from the first start to the last end. */
function rowsRead({ starts, counts }: AxisWeights): {
  readonly first: number;
  readonly last: number;
} {
  const end = starts.length - 1;
  return { first: starts[0], last: starts[end] + counts[end] };
}

/** Both passes in whole numbers: 255 · 2²² stays inside 31 bits. */
function sampleBytes(picture: Pixels, across: AxisWeights, down: AxisWeights): Uint8Array {
  const { widthPx, channels, data } = picture;
  const { first, last } = rowsRead(down);
  const rowSize = across.starts.length * channels;
  const rows = new Uint8Array((last - first) * rowSize);
  const weights = Int32Array.from(across.weights);
  for (let y = first; y < last; y++)
    for (let x = 0; x < across.starts.length; x++) {
      const begin = x * across.taps;
      const end = begin + across.counts[x];
      const to = (y - first) * rowSize + x * channels;
      let p = (y * widthPx + across.starts[x]) * channels;
      let [a, b, c] = [fixedHalf, fixedHalf, fixedHalf];
      if (channels === 1) for (let t = begin; t < end; t++) a += weights[t] * data[p++];
      else
        for (let t = begin; t < end; t++, p += 3) {
          const weight = weights[t];
          a += weight * data[p];
          b += weight * data[p + 1];
          c += weight * data[p + 2];
        }
      rows[to] = toByte(a);
      if (channels === 1) continue;
      rows[to + 1] = toByte(b);
      rows[to + 2] = toByte(c);
    }

  const out = new Uint8Array(down.starts.length * rowSize);
  const sums = new Int32Array(rowSize);
  for (let y = 0; y < down.starts.length; y++) {
    sums.fill(fixedHalf);
    for (let t = 0; t < down.counts[y]; t++) {
      const weight = down.weights[y * down.taps + t];
      const from = (down.starts[y] - first + t) * rowSize;
      for (let i = 0; i < rowSize; i++) sums[i] += weight * rows[from + i];
    }
    for (let i = 0, to = y * rowSize; i < rowSize; i++, to++) out[to] = toByte(sums[i]);
  }
  return out;
}

/** Weights are rounded, so that white may come out a step too bright. */
function toByte(sum: number): number {
  const byte = sum >> fixedBits;
  return byte > 255 ? 255 : byte;
}

/** Two taps an axis; a missing second one weighs nothing. */
function sampleFractions(picture: Pixels, across: AxisWeights, down: AxisWeights): Float32Array {
  const { widthPx, channels, data } = picture;
  const width = across.starts.length;
  const out = new Float32Array(down.starts.length * width * channels);
  for (let y = 0, to = 0; y < down.starts.length; y++) {
    const [below, stride] = secondTap(down, y, widthPx * channels);
    const top = down.starts[y] * widthPx * channels;
    for (let x = 0; x < width; x++) {
      const [right, step] = secondTap(across, x, channels);
      for (let c = 0; c < channels; c++, to++) {
        const p = top + across.starts[x] * channels + c;
        const upper = data[p] * (1 - right) + data[p + step] * right;
        const lower = data[p + stride] * (1 - right) + data[p + stride + step] * right;
        out[to] = upper * (1 - below) + lower * below;
      }
    }
  }
  return out;
}

function secondTap(axis: AxisWeights, i: number, step: number): [weight: number, step: number] {
  return axis.counts[i] > 1 ? [axis.weights[i * axis.taps + 1], step] : [0, 0];
}
