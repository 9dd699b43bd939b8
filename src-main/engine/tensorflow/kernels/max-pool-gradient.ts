import type { DeviceTensor } from "../program.ts";
import type { ComposedKernel } from "./registry.ts";
import { putBack } from "./transposed.ts";
import { metBy, poolWindowsOf } from "./windows.ts";

const lowest = -3.4028234663852886e38;

/**
 * Gradient of max pooling: each window's slope goes to the first of its largest values. The backend's own kernel starts
 * each window's search at 0, so windows of negative values alone (behind LeakyReLU, or before an activation) give their
 * slope to the wrong place.
 */
export const maxPoolGradient: ComposedKernel = {
  name: "MaxPoolGrad",
  replaces: true,
  compute(tf, { dy, input }, attributes) {
    const windows = poolWindowsOf(tf, input.shape, attributes);
    const met = metBy(tf, input, windows, lowest);
    const largest = met.reduce((a, b) => tf.maximum(a, b));
    const [, width] = windows.kernel;
    let open: DeviceTensor = tf.onesLike(largest);
    let sum: DeviceTensor | null = null;
    met.forEach((values, at) => {
      const isChosen = tf.mul(open, tf.cast(tf.equal(values, largest), "float32"));
      open = tf.sub(open, isChosen);
      const place = [Math.floor(at / width), at % width] as const;
      const part = putBack(tf, tf.mul(dy, isChosen), windows, place);
      sum = sum ? tf.add(sum, part) : part;
    });
    return sum ?? dy;
  },
};
