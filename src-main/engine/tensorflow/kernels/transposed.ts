import type { DeviceTensor } from "../program.ts";
import type { TensorFlow } from "../runtime.ts";
import type { Windows } from "./windows.ts";

/**
 * Slopes of a convolution's results, laid out so that a convolution at stride 1 with the kernel turned round makes the slopes
 * of its inputs: spread out by the stride, in a frame of the input's size and the kernel's reach.
 */
export function framed(
  tf: TensorFlow["tf"],
  slopes: DeviceTensor,
  { kernel, dilations, strides, top, left, height, width }: Windows,
): DeviceTensor {
  const [down, across] = [(kernel[0] - 1) * dilations[0], (kernel[1] - 1) * dilations[1]];
  const spread = spreadOut(tf, slopes, strides);
  return place(tf, spread, [down - top, across - left], [height + down, width + across]);
}

/** Slopes of windows' results, put back at the place `(row, column)` of each window: `[N,height,width,C]`. */
export function putBack(
  tf: TensorFlow["tf"],
  slopes: DeviceTensor,
  { strides, top, left, height, width }: Windows,
  [row, column]: readonly [number, number],
): DeviceTensor {
  return place(tf, spreadOut(tf, slopes, strides), [row - top, column - left], [height, width]);
}

/** `stride − 1` zeros behind each value, down and across. */
function spreadOut(
  tf: TensorFlow["tf"],
  value: DeviceTensor,
  strides: readonly [number, number],
): DeviceTensor {
  const [rows = 1, height = 1, width = 1, channels = 1] = value.shape;
  const [down, across] = strides;
  if (down === 1 && across === 1) return value;
  const behind = (x: DeviceTensor, zeros: number) =>
    tf.pad(x, [
      [0, 0],
      [0, zeros],
      [0, 0],
      [0, 0],
    ]);
  const tall = behind(tf.reshape(value, [rows * height, 1, width, channels]), down - 1);
  const wide = behind(tf.reshape(tall, [rows * height * down * width, 1, channels, 1]), across - 1);
  return tf.reshape(wide, [rows, height * down, width * across, channels]);
}

/** The value behind `before` zeros in a frame of `sizes`; negative means cut off. */
function place(
  tf: TensorFlow["tf"],
  value: DeviceTensor,
  before: readonly number[],
  sizes: readonly number[],
): DeviceTensor {
  const [rows = 1, , , channels = 1] = value.shape;
  const pads = before.map((zeros, axis): [number, number] => {
    const behind = (sizes[axis] ?? 0) - zeros - (value.shape[axis + 1] ?? 0);
    return [Math.max(0, zeros), Math.max(0, behind)];
  });
  const padded = tf.pad(value, [[0, 0], ...pads, [0, 0]]);
  const begin = [0, ...before.map((zeros) => Math.max(0, -zeros)), 0];
  return tf.slice(padded, begin, [rows, ...sizes, channels]);
}
