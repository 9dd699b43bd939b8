import type { ComposedKernel } from "./registry.ts";
import { metBy, windowsOf } from "./windows.ts";

/**
 * Gradient of a convolution's filter `[kh,kw,I,O]`: for each place of the kernel, what it met times what came of it.
 *
 *   dW[y,x] = Σ_n,i,j X[n, i·s + y·d − p, j·s + x·d − p]ᵀ · dY[n,i,j]
 */
export const convolutionFilterGradient: ComposedKernel = {
  name: "Conv2DBackpropFilter",
  compute(tf, { x, dy }, attributes) {
    const shape = attributes["filterShape"] as number[]; // set by TensorFlow.js
    const [kh = 1, kw = 1, inputs = 1, outputs = 1] = shape;
    const windows = windowsOf(tf, x.shape, shape, attributes, false);
    const slopes = tf.reshape(dy, [-1, outputs]);
    const parts = metBy(tf, x, windows).map((met) =>
      tf.matMul(tf.reshape(met, [-1, inputs]), slopes, true, false),
    );
    return tf.reshape(tf.stack(parts), [kh, kw, inputs, outputs]);
  },
};
