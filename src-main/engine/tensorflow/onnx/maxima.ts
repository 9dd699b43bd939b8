import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { WindowAxis } from "../../onnx/attributes.ts";
import { countOf } from "../../onnx/constant.ts";
import type { TensorFlow } from "../runtime.ts";
import { pickAlong } from "./along.ts";
import { addAt, reshape, withGradient } from "./compose.ts";
import type { PlaneAxes } from "./plane.ts";

type Tf = TensorFlow["tf"];

/**
 * The largest entry of each window of planes `[N, H, W, C]` that are padded already. The gradient goes to the first of
 * equals. It is written out because the bundled backend's own starts its search at the smallest positive number, so that
 * a window without positive numbers passes nothing, and gives ties to the last.
 */
export function windowMaxima(tf: Tf, x: Tensor, axes: PlaneAxes): Tensor {
  const largest = (own: Tensor) => largestOf(tf, own, axes);
  return withGradient(
    tf,
    x,
    [x],
    () => largest(x),
    (dy, [own = x]) => {
      const places = firstPlaces(tf, own, largest(own), axes);
      const summed = addAt(tf, reshape(tf, dy, [dy.size, 1]), places, own.size);
      return reshape(tf, summed, own.shape);
    },
  );
}

function largestOf(tf: Tf, x: Tensor, axes: PlaneAxes): Tensor {
  const [rows, columns] = axes;
  if (rows.dilation > 1 || columns.dilation > 1)
    return entriesOf(axes)
      .map((at) => entryOf(tf, x, axes, at))
      .reduce((a, b) => tf.maximum(a, b));
  const [kernel, strides] = [
    [rows.kernel, columns.kernel],
    [rows.stride, columns.stride],
  ] as [[number, number], [number, number]]; // two axes
  return tf.maxPool(x as Tensor4D, kernel, strides, "valid"); // planes with batch and channels
}

type Entry = readonly [row: number, column: number];

/** The entries of a window, in reading order. */
function entriesOf([rows, columns]: PlaneAxes): Entry[] {
  return Array.from({ length: rows.kernel * columns.kernel }, (_, i) => [
    Math.floor(i / columns.kernel),
    i % columns.kernel,
  ]);
}

/** One entry of every window. */
function entryOf(tf: Tf, x: Tensor, axes: PlaneAxes, at: Entry): Tensor {
  return axes.reduce((value, { stride: step, dilation, out: count }: WindowAxis, i) => {
    const start = (at[i] ?? 0) * dilation;
    return pickAlong(tf, value, i + 1, { start, step, count });
  }, x);
}

/** Where in the flat planes the first largest entry of every window stands, `[M]`. */
function firstPlaces(tf: Tf, x: Tensor, largest: Tensor, axes: PlaneAxes): Tensor {
  const [, , width = 1, channels = 1] = x.shape;
  const [rows, columns] = axes;
  const steps = ([row, column]: Entry) =>
    (row * rows.dilation * width + column * columns.dilation) * channels;
  const within = entriesOf(axes).reduceRight<Tensor>(
    (found, at) => {
      const isLargest = tf.equal(entryOf(tf, x, axes, at), largest);
      return tf.where(isLargest, tf.fill(largest.shape, steps(at), "int32"), found);
    },
    tf.zeros(largest.shape, "int32"),
  );
  const starts = tf.tensor1d(windowStarts(x.shape, largest.shape, axes), "int32");
  return tf.add(reshape(tf, within, [largest.size]), starts);
}

/** Where every window begins, by position of the result. */
function windowStarts(
  from: readonly number[],
  to: readonly number[],
  [rows, columns]: PlaneAxes,
): Int32Array {
  const [n = 1, height = 1, width = 1, channels = 1] = from;
  const [, h = 1, w = 1] = to;
  const starts = new Int32Array(countOf(to));
  let at = 0;
  for (let image = 0; image < n; image++)
    for (let row = 0; row < h; row++)
      for (let column = 0; column < w; column++) {
        const [y, x] = [row * rows.stride, column * columns.stride];
        const start = ((image * height + y) * width + x) * channels;
        for (let channel = 0; channel < channels; channel++) starts[at++] = start + channel;
      }
  return starts;
}
