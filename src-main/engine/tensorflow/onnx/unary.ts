import type { Tensor } from "@tensorflow/tfjs-core";
import { floatAttribute, stringAttribute } from "../../onnx/attributes.ts";
import { chosen, clip, detached, withGradient } from "./compose.ts";
import { defineKernels, type Kernel, type KernelContext } from "./kernel.ts";

/** Functions of one number; the result lies as its input lies. */
type Pointwise = (x: Tensor, context: KernelContext) => Tensor;

function pointwise(make: Pointwise): Kernel {
  return (context) => {
    const { tensor, order } = context.value(0).stored;
    return { tensor: make(tensor, context), order, type: context.value(0).type };
  };
}

export const unaryKernels = defineKernels({
  Neg: pointwise((x, { tf }) => tf.neg(x)),
  Abs: pointwise((x, { tf }) => tf.abs(x)),
  Sqrt: pointwise((x, { tf }) => tf.sqrt(x)),
  Exp: pointwise((x, { tf }) => tf.exp(x)),
  Log: pointwise((x, { tf }) => tf.log(x)),
  Reciprocal: pointwise((x, { tf }) => tf.reciprocal(x)),
  Sin: pointwise((x, { tf }) => tf.sin(x)),
  Cos: pointwise((x, { tf }) => tf.cos(x)),
  Tan: pointwise((x, { tf }) => tf.tan(x)),
  Erf: pointwise((x, { tf }) => tf.erf(x)),
  Floor: pointwise((x, { tf }) => detached(tf, () => tf.floor(x))),
  Ceil: pointwise((x, { tf }) => detached(tf, () => tf.ceil(x))),
  Round: pointwise((x, { tf }) => detached(tf, () => tf.round(x))),
  Sign: pointwise((x, { tf }) => detached(tf, () => tf.sign(x))),
});

/**
 * Activations. Where ONNX's differs from TensorFlow's (bounds of Clip, slopes of HardSigmoid) or the backend has no
 * kernel for it, it is written out.
 */
export const activationKernels = defineKernels({
  Relu: pointwise((x, { tf }) => tf.relu(x)),
  LeakyRelu: pointwise((x, { tf, node }) => tf.leakyRelu(x, floatAttribute(node, "alpha", 0.01))),
  ThresholdedRelu: pointwise((x, { tf, node }) =>
    chosen(tf, tf.greater(x, floatAttribute(node, "alpha", 1)), x, tf.zerosLike(x)),
  ),
  Clip: pointwise((x, { tf, inputs }) =>
    clip(tf, x, inputs[1]?.numbers[0] ?? -Infinity, inputs[2]?.numbers[0] ?? Infinity),
  ),
  Sigmoid: pointwise((x, { tf }) => tf.sigmoid(x)),
  Tanh: pointwise((x, { tf }) => tf.tanh(x)),
  Softplus: pointwise((x, { tf }) => tf.softplus(x)),
  Softsign: pointwise((x, { tf }) => tf.div(x, tf.add(1, tf.abs(x)))),
  HardSigmoid: pointwise((x, { tf, node }) =>
    hardSigmoid(tf, x, floatAttribute(node, "alpha", 0.2), floatAttribute(node, "beta", 0.5)),
  ),
  HardSwish: pointwise((x, { tf }) => tf.mul(x, hardSigmoid(tf, x, 1 / 6, 0.5))),
  Elu: pointwise((x, { tf, node }) => elu(tf, x, floatAttribute(node, "alpha", 1), 1)),
  Celu: pointwise((x, { tf, node }) => {
    const alpha = floatAttribute(node, "alpha", 1);
    return elu(tf, x, alpha, alpha);
  }),
  Selu: pointwise((x, { tf, node }) =>
    tf.mul(
      elu(tf, x, floatAttribute(node, "alpha", 1.67326319217681884765625), 1),
      floatAttribute(node, "gamma", 1.05070102214813232421875),
    ),
  ),
  Mish: pointwise((x, { tf }) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  Swish: pointwise((x, { tf, node }) => swish(tf, x, floatAttribute(node, "alpha", 1))),
  "com.microsoft:QuickGelu": pointwise((x, { tf, node }) =>
    swish(tf, x, floatAttribute(node, "alpha", 1.702)),
  ),
  Gelu: pointwise((x, { tf, node }) => {
    const isByTanh = stringAttribute(node, "approximate", "none") === "tanh";
    const share = isByTanh
      ? tf.tanh(
          tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x))))),
        )
      : tf.erf(tf.mul(x, Math.SQRT1_2));
    return tf.mul(tf.mul(x, 0.5), tf.add(1, share));
  }),
});

type Tf = KernelContext["tf"];

function hardSigmoid(tf: Tf, x: Tensor, alpha: number, beta: number): Tensor {
  return clip(tf, tf.add(tf.mul(x, alpha), beta), 0, 1);
}

function swish(tf: Tf, x: Tensor, alpha: number): Tensor {
  return tf.mul(x, tf.sigmoid(tf.mul(x, alpha)));
}

/** x above 0, `alpha·(e^(x/width) − 1)` below. The exponent is held at 0, or its infinity would reach the other side. */
function elu(tf: Tf, x: Tensor, alpha: number, width: number): Tensor {
  const rest = () => tf.mul(alpha, tf.expm1(tf.div(tf.minimum(x, 0), width)));
  return withGradient(
    tf,
    x,
    [x],
    () => tf.where(tf.greater(x, 0), x, rest()),
    (dy, [own = x]) => {
      const slope = tf.mul(alpha / width, tf.exp(tf.div(tf.minimum(own, 0), width)));
      return tf.mul(dy, tf.where(tf.greater(own, 0), tf.onesLike(own), slope));
    },
  );
}
