import type { ComposedKernel } from "./registry.ts";

/** Sums of the rows of each segment, the gradient of `gather`: a product with the segments' one-hot rows. */
export const unsortedSegmentSum: ComposedKernel = {
  name: "UnsortedSegmentSum",
  compute(tf, { x, segmentIds }, attributes) {
    const count = Number(attributes["numSegments"]);
    const [rows = 0, ...rest] = x.shape;
    const chosen = tf.oneHot(tf.cast(segmentIds, "int32"), count);
    const sums = tf.matMul(
      tf.cast(chosen, "float32") as never, // a 2-D tensor
      tf.reshape(x, [rows, -1]) as never, // a 2-D tensor
      true,
      false,
    );
    return tf.reshape(sums, [count, ...rest]);
  },
};
