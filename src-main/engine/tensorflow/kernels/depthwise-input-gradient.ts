import type { DeviceTensor } from "../program.ts";
import type { ComposedKernel } from "./registry.ts";
import { framed } from "./transposed.ts";
import { windowsOf } from "./windows.ts";

/**
 * Gradient of what a depthwise convolution reads: a depthwise convolution of the framed slopes, kernel turned round.
 *
 *   dX[n,a,b,c] = Σ_y,x,m dY[n, (a + p − y·d)/s, (b + p − x·d)/s, c·M+m] · W[y,x,c,m]
 */
export const depthwiseInputGradient: ComposedKernel = {
  name: "DepthwiseConv2dNativeBackpropInput",
  compute(tf, { dy, filter }, attributes) {
    const shape = attributes["inputShape"] as number[]; // set by TensorFlow.js
    const windows = windowsOf(tf, shape, filter.shape, attributes, true);
    const dilations: [number, number] = [...windows.dilations];
    const [, , , times = 1] = filter.shape;
    const turned = tf.reverse(filter, [0, 1]);
    const parts = Array.from({ length: times }, (_, m) => {
      const own = times === 1 ? dy : tf.stridedSlice(dy, [0, 0, 0, m], dy.shape, [1, 1, 1, times]);
      const part = tf.slice(turned, [0, 0, 0, m], [-1, -1, -1, 1]);
      const frame = framed(tf, own, windows);
      return tf.depthwiseConv2d(frame as never, part as never, 1, "valid", "NHWC", dilations); // both 4-D
    });
    return (
      parts.reduce<DeviceTensor | null>((sum, part) => (sum ? tf.add(sum, part) : part), null) ?? dy
    );
  },
};
