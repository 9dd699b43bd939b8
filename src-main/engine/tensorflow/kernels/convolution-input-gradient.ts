import type { ComposedKernel } from "./registry.ts";
import { framed } from "./transposed.ts";
import { windowsOf } from "./windows.ts";

/**
 * Gradient of what a convolution reads: a convolution of the framed slopes, kernel turned round, inputs and outputs
 * exchanged. The backend has this kernel, as plain loops; its forward convolution is many times faster.
 */
export const convolutionInputGradient: ComposedKernel = {
  name: "Conv2DBackpropInput",
  replaces: true,
  compute(tf, { dy, filter }, attributes) {
    const shape = attributes["inputShape"] as number[]; // set by TensorFlow.js
    const windows = windowsOf(tf, shape, filter.shape, attributes, false);
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
    const dilations: [number, number] = [...windows.dilations];
    const frame = framed(tf, dy, windows);
    return tf.conv2d(frame as never, turned as never, 1, "valid", "NHWC", dilations); // both 4-D
  },
};
