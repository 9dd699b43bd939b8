import type { Layout } from "../../../shared/domain/preparation.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";

/** How a prepared input `[1,C,H,W]` or `[1,H,W,C]` is walked: its size, and distances in values. */
export interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly channelStep: number;
  /** Distance between neighbours in a row; rows follow each other without a gap. */
  readonly pixelStep: number;
}

export function planesOf({ dims: [, a, b, c] }: Tensor, layout: Layout): Planes {
  return layout === "NCHW"
    ? { channels: a, height: b, width: c, channelStep: b * c, pixelStep: 1 }
    : { channels: c, height: a, width: b, channelStep: 1, pixelStep: c };
}

/** A prepared input with what is needed to change it. */
export interface EvaluatedImage {
  readonly tensor: Tensor;
  readonly planes: Planes;
}

export function evaluatedImage(tensor: Tensor, layout: Layout): EvaluatedImage {
  return { tensor, planes: planesOf(tensor, layout) };
}

/** Pixels `H·W` of an input. */
export function pixelCount({ height, width }: Planes): number {
  return height * width;
}

/** `x ⊙ h + b ⊙ (1 − h)` with `h [H,W]` shared by the channels; where the baseline is 0 that is `x ⊙ h`. */
export function multiplied(
  { tensor, planes }: EvaluatedImage,
  h: Float32Array,
  baseline: Float32Array,
): Float32Array {
  const out = new Float32Array(tensor.data.length);
  eachValue(planes, (at, pixel) => {
    out[at] = tensor.data[at] * h[pixel] + baseline[at] * (1 - h[pixel]);
  });
  return out;
}

/** `from` with these pixels taken from `to`; neither is changed. */
export function replaced(
  planes: Planes,
  from: Float32Array,
  to: Float32Array,
  pixels: Int32Array,
): Float32Array {
  const out = Float32Array.from(from);
  const { channels, channelStep, pixelStep } = planes;
  for (const pixel of pixels)
    for (let c = 0; c < channels; c++) {
      const at = c * channelStep + pixel * pixelStep;
      out[at] = to[at];
    }
  return out;
}

/** Calls with each value's place in the data, its pixel and its channel. */
export function eachValue(
  { channels, height, width, channelStep, pixelStep }: Planes,
  visit: (at: number, pixel: number, channel: number) => void,
): void {
  const pixels = height * width;
  for (let c = 0; c < channels; c++)
    for (let pixel = 0; pixel < pixels; pixel++)
      visit(c * channelStep + pixel * pixelStep, pixel, c);
}
