import type { ComposedKernel } from "./registry.ts";
import { metBy, windowsOf } from "./windows.ts";

/**
 * Gradient of a depthwise filter `[kh,kw,C,M]`, where channel c makes results c·M … c·M + M − 1.
 *
 *   dW[y,x,c,m] = Σ_n,i,j X[n, i·s + y·d − p, j·s + x·d − p, c] · dY[n,i,j,c·M+m]
 */
export const depthwiseFilterGradient: ComposedKernel = {
  name: "DepthwiseConv2dNativeBackpropFilter",
  compute(tf, { x, dy }, attributes) {
    const shape = attributes["filterShape"] as number[]; // set by TensorFlow.js
    const [kh = 1, kw = 1, channels = 1, times = 1] = shape;
    const windows = windowsOf(tf, x.shape, shape, attributes, true);
    const slopes = tf.reshape(dy, [-1, channels, times]);
    const parts = metBy(tf, x, windows).map((met) =>
      tf.sum(tf.mul(tf.reshape(met, [-1, channels, 1]), slopes), 0),
    );
    return tf.reshape(tf.stack(parts), [kh, kw, channels, times]);
  },
};
