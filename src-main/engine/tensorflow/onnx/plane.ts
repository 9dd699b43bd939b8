import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { WindowAxis } from "../../onnx/attributes.ts";
import type { TensorFlow } from "../runtime.ts";
import { padAlong, pickAlong, spreadAlong } from "./along.ts";
import { reshape, withGradient } from "./compose.ts";

/**
 * Convolution of planes, channels last, and its way back. TensorFlow.js differentiates a plain convolution; it refuses
 * dilated ones, and the bundled backend has no kernel for depthwise ones: those state their gradient here.
 */
type Tf = TensorFlow["tf"];

/** Rows, then columns. */
export type PlaneAxes = readonly [rows: WindowAxis, columns: WindowAxis];

/** `[kh, kw, in, out]`, or `[kh, kw, C, multiplier]` where every channel has kernels of its own. */
export interface Filter {
  readonly tensor: Tensor;
  readonly isDepthwise: boolean;
}

/** `[N, H, W, in]` to `[N, H′, W′, out]`. */
export function convolve(tf: Tf, x: Tensor, filter: Filter, axes: PlaneAxes): Tensor {
  if (!filter.isDepthwise && axes.every(({ dilation }) => dilation === 1))
    return slide(tf, x, filter, axes);
  return withGradient(
    tf,
    x,
    [filter.tensor],
    () => slide(tf, x, filter, axes),
    (dy, [tensor = filter.tensor]) => convolveBack(tf, dy, { ...filter, tensor }, axes),
  );
}

/** The transposed convolution, from the axes' `out` positions to their `size` positions. */
export function convolveBack(tf: Tf, dy: Tensor, filter: Filter, axes: PlaneAxes): Tensor {
  const [rows, columns] = axes;
  const spread = spreadAlong(tf, spreadAlong(tf, dy, 1, rows.stride), 2, columns.stride);
  const [, height = 1, width = 1] = spread.shape;
  const back: PlaneAxes = [backAxis(rows, height), backAxis(columns, width)];
  if (!filter.isDepthwise) return convolve(tf, spread, swapped(tf, filter), back);
  const [kh = 1, kw = 1, channels = 1, multiplier = 1] = filter.tensor.shape;
  const flat = reshape(tf, tf.reverse(filter.tensor, [0, 1]), [kh, kw, channels * multiplier, 1]);
  const parts = convolve(tf, spread, { tensor: flat, isDepthwise: true }, back);
  if (multiplier === 1) return parts;
  const [n = 1, h = 1, w = 1] = parts.shape;
  return tf.sum(reshape(tf, parts, [n, h, w, channels, multiplier]), 4);
}

/** The axis of the convolution with the flipped kernel over the spread gradient, `long` positions of it. */
function backAxis({ size, kernel, dilation, padBegin }: WindowAxis, long: number): WindowAxis {
  const padded = dilation * (kernel - 1) - padBegin;
  const padEnd = size + padBegin - long;
  return { size: long, kernel, dilation, stride: 1, padBegin: padded, padEnd, out: size };
}

function swapped(tf: Tf, { tensor }: Filter): Filter {
  return { tensor: tf.transpose(tf.reverse(tensor, [0, 1]), [0, 1, 3, 2]), isDepthwise: false };
}

function slide(tf: Tf, x: Tensor, filter: Filter, axes: PlaneAxes): Tensor {
  const [rows, columns] = axes;
  const strides: [number, number] = [rows.stride, columns.stride];
  const dilations: [number, number] = [rows.dilation, columns.dilation];
  const isDilated = Math.max(...dilations) > 1;
  const isStrided = Math.max(...strides) > 1;
  // TensorFlow strides or dilates, and strides depthwise kernels alike both ways.
  if (isStrided && (isDilated || (filter.isDepthwise && strides[0] !== strides[1]))) {
    const whole = slide(tf, x, filter, [everyPlace(rows), everyPlace(columns)]);
    const some = pickAlong(tf, whole, 1, { start: 0, step: rows.stride, count: rows.out });
    return pickAlong(tf, some, 2, { start: 0, step: columns.stride, count: columns.out });
  }
  const isSame = axes.every(isSamePad);
  const padded = isSame ? x : padPlane(tf, x, axes, 0);
  const how = isSame ? "same" : "valid";
  const [image, kernel] = [padded as Tensor4D, filter.tensor as Tensor4D]; // planes with batch and channels
  return filter.isDepthwise
    ? tf.depthwiseConv2d(image, kernel, strides, how, "NHWC", dilations)
    : tf.conv2d(image, kernel, strides, how, "NHWC", dilations);
}

function everyPlace(axis: WindowAxis): WindowAxis {
  return { ...axis, stride: 1, out: (axis.out - 1) * axis.stride + 1 };
}

/** Whether TensorFlow's "same" pads as this axis does: the kernel needs no copy of the picture then. */
function isSamePad({ size, kernel, stride, dilation, padBegin, padEnd, out }: WindowAxis): boolean {
  const reach = dilation * (kernel - 1) + 1;
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
  const begin = Math.floor(total / 2);
  return padBegin === begin && padEnd === total - begin && out === Math.ceil(size / stride);
}

/** Pads (or crops) rows and columns by what the axes state. */
export function padPlane(tf: Tf, x: Tensor, [rows, columns]: PlaneAxes, filling: number): Tensor {
  const tall = padAlong(tf, x, 1, rows.padBegin, rows.padEnd, filling);
  return padAlong(tf, tall, 2, columns.padBegin, columns.padEnd, filling);
}
