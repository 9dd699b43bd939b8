import type { ComposedKernel } from "./registry.ts";
import { framed } from "./transposed.ts";
import { poolWindowsOf, type Windows } from "./windows.ts";

/**
 * Gradient of average pooling: each window's slope, shared out over the values it holds. The backend's own kernel divides by
 * the window's full size, also at the border, where its forward kernel does not.
 */
export const averagePoolGradient: ComposedKernel = {
  name: "AvgPoolGrad",
  replaces: true,
  compute(tf, { dy, input }, attributes) {
    const windows = poolWindowsOf(tf, input.shape, attributes);
    const [, , , channels = 1] = input.shape;
    const { kernel, outHeight, outWidth } = windows;
    const counts = tf.tensor(countsOf(windows), [1, outHeight, outWidth, 1]);
    const frame = framed(tf, tf.div(dy, counts), windows);
    const ones = tf.ones([kernel[0], kernel[1], channels, 1]);
    return tf.depthwiseConv2d(frame as never, ones as never, 1, "valid"); // both 4-D
  },
};

/** How many values of the map each window holds, row by row. */
function countsOf({ kernel, strides, top, left, height, width, outHeight, outWidth }: Windows) {
  const along = (out: number, size: number, axis: 0 | 1, before: number) => {
    const start = out * strides[axis] - before;
    return Math.min(size, start + kernel[axis]) - Math.max(0, start);
  };
  return Float32Array.from(
    { length: outHeight * outWidth },
    (_, at) =>
      along(Math.floor(at / outWidth), height, 0, top) * along(at % outWidth, width, 1, left),
  );
}
