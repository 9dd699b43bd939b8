import type { Tensor } from "@tensorflow/tfjs-core";
import { intAttribute } from "../../onnx/attributes.ts";
import { elementTypes } from "../../onnx/element-codes.ts";
import type { ElementType } from "../../onnx/graph.ts";
import { reshape, withGradient } from "./compose.ts";
import { defineKernels, type KernelContext } from "./kernel.ts";
import { wrapAxis, type Order } from "./value.ts";

/**
 * Quantisation, straight through: a code is kept as a float on the device and has the slope 1/scale inside its range, 0
 * where it saturates. Scales stand for the whole tensor or for one entry of an axis each.
 */
export const quantisationKernels = defineKernels({
  DequantizeLinear(context) {
    const { tf, value } = context;
    const { tensor, order } = value(0).stored;
    const { scale, zero } = scaleOf(context, order);
    const codes = tf.cast(tensor, "float32");
    return { tensor: tf.mul(zero ? tf.sub(codes, zero) : codes, scale), order };
  },

  QuantizeLinear(context) {
    const { tf, node, inputs, value, refuse } = context;
    const { tensor: x, order } = value(0).stored;
    const { scale, zero } = scaleOf(context, order);
    const type =
      inputs[2]?.type ??
      elementTypes[intAttribute(node, "output_dtype", 0) || 2] ??
      refuse("QuantizeLinear");
    const [least, most] = ranges[type] ?? refuse(`QuantizeLinear to ${type}`);
    const centre = zero ?? tf.scalar(0);
    const tensor = withGradient(
      tf,
      x,
      [x, scale, centre],
      () => tf.clipByValue(tf.add(tf.round(tf.div(x, scale)), centre), least, most),
      (dy, [own = x, step = scale, middle = centre]) => {
        const code = tf.add(tf.div(own, step), middle);
        const isInside = tf.logicalAnd(tf.greater(code, least - 0.5), tf.less(code, most + 0.5));
        return tf.where(isInside, tf.div(dy, step), tf.zerosLike(dy));
      },
    );
    return { tensor, order, type };
  },
});

const ranges: Partial<Record<ElementType, readonly [least: number, most: number]>> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32768, 32767],
  u16: [0, 65535],
};

/** Scale and zero point beside a tensor that lies in this order. */
function scaleOf(
  { tf, node, value, inputs, refuse }: KernelContext,
  order: Order,
): { readonly scale: Tensor; readonly zero: Tensor | null } {
  if (intAttribute(node, "block_size", 0)) refuse(`${node.op} in blocks`);
  const axis = wrapAxis(intAttribute(node, "axis", 1), order.length);
  const beside = (factor: Tensor) =>
    factor.size === 1
      ? reshape(tf, factor, [])
      : reshape(
          tf,
          factor,
          order.map((dim) => (dim === axis ? factor.size : 1)),
        );
  const zero = inputs[2] ? tf.cast(beside(inputs[2].plain), "float32") : null;
  return { scale: beside(value(1).plain), zero };
}
