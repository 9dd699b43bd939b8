import type { Tensor } from "@tensorflow/tfjs-core";
import { floatAttribute, intAttribute, intsAttribute } from "../../onnx/attributes.ts";
import type { Node } from "../../onnx/graph.ts";
import { countOf } from "../../onnx/constant.ts";
import { chosen, reshape } from "./compose.ts";
import { defineKernels, type Kernel, type KernelContext } from "./kernel.ts";
import { length } from "./reduction.ts";
import { identity, wrapAxis, type Order } from "./value.ts";
import { channelsLast } from "./volume.ts";

/** Normalisations, written out: TensorFlow.js differentiates the parts. Softmax runs along the last place. */
export const normalisationKernels = defineKernels({
  BatchNormalization(context) {
    const { tf, node, value, tensor, refuse } = context;
    if (intAttribute(node, "training_mode", 0)) refuse("BatchNormalization in training mode");
    const { tensor: x, order } = value(0).stored;
    const [scale, shift, mean, variance] = [1, 2, 3, 4].map((i) => tensor(i)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ]; // four indices
    const factor = tf.div(scale, tf.sqrt(tf.add(variance, epsilonOf(node))));
    const rest = tf.sub(shift, tf.mul(mean, factor));
    const dims = order.map((dim) => (dim === 1 ? scale.size : 1));
    return { tensor: tf.add(tf.mul(x, reshape(tf, factor, dims)), reshape(tf, rest, dims)), order };
  },

  LayerNormalization({ tf, node, value, tensor, inputs, isRead, refuse }) {
    if (isRead(1) || isRead(2)) refuse("LayerNormalization with its statistics");
    const x = tensor(0);
    const axes = axesFrom(node, value(0).rank);
    const scaled = tf.mul(standardised(tf, x, axes, epsilonOf(node)), tensor(1));
    return inputs[2] ? tf.add(scaled, tensor(2)) : scaled;
  },

  RMSNormalization: rootMeanSquare,
  SimplifiedLayerNormalization: rootMeanSquare,

  InstanceNormalization({ tf, node, value, tensor }) {
    const { rank } = value(0);
    const order = channelsLast(rank);
    const axes = identity(rank).slice(1, -1);
    const unit = standardised(tf, value(0).inOrder(order), axes, epsilonOf(node));
    return { tensor: tf.add(tf.mul(unit, tensor(1)), tensor(2)), order };
  },

  // The scale is per group at opset 18, per channel from 21.
  GroupNormalization({ tf, node, value, tensor }) {
    const { dims } = value(0);
    const [n = 1, c = 1, ...spatial] = dims;
    const groups = intAttribute(node, "num_groups", 1);
    const grouped = reshape(tf, tensor(0), [n, groups, (c / groups) * countOf(spatial)]);
    const unit = standardised(tf, grouped, [2], epsilonOf(node));
    const perChannel = tensor(1).size === c;
    const shape = perChannel ? [n, c, countOf(spatial)] : grouped.shape;
    const own = (factor: Tensor) => reshape(tf, factor, [1, factor.size, 1]);
    const scaled = tf.mul(reshape(tf, unit, shape), own(tensor(1)));
    return reshape(tf, tf.add(scaled, own(tensor(2))), dims);
  },

  MeanVarianceNormalization({ tf, node, value, tensor }) {
    const axes = (intsAttribute(node, "axes") ?? [0, 2, 3]).map((axis) =>
      wrapAxis(axis, value(0).rank),
    );
    return standardised(tf, tensor(0), axes, 1e-9);
  },

  LpNormalization({ tf, node, value, tensor }) {
    const axes = [wrapAxis(intAttribute(node, "axis", -1), value(0).rank)];
    const x = tensor(0);
    const size =
      intAttribute(node, "p", 2) === 1 ? tf.sum(tf.abs(x), axes, true) : length(tf, x, axes);
    return tf.div(x, chosen(tf, tf.greater(size, 0), size, tf.onesLike(size)));
  },

  // ONNX divides α by the size of the window, TensorFlow does not.
  LRN({ tf, node, value, refuse }) {
    const size = intAttribute(node, "size", 1);
    if (size % 2 === 0 || value(0).rank !== 4) refuse("LRN of an even size, or off planes");
    const order = channelsLast(4);
    const tensor = tf.localResponseNormalization(
      value(0).inOrder(order) as never, // of rank 4
      (size - 1) / 2,
      floatAttribute(node, "bias", 1),
      floatAttribute(node, "alpha", 1e-4) / size,
      floatAttribute(node, "beta", 0.75),
    );
    return { tensor, order };
  },

  Softmax: along((tf, x) => tf.softmax(x)),
  LogSoftmax: along((tf, x) => tf.logSoftmax(x)),
});

type Tf = KernelContext["tf"];

function epsilonOf(node: Node): number {
  return floatAttribute(node, "epsilon", 1e-5);
}

function axesFrom(node: Node, rank: number): number[] {
  return [...identity(rank)].slice(wrapAxis(intAttribute(node, "axis", -1), rank));
}

/** `(x − mean)/√(variance + ε)` over axes. */
function standardised(tf: Tf, x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const centred = tf.sub(x, tf.mean(x, [...axes], true));
  const variance = tf.mean(tf.square(centred), [...axes], true);
  return tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
}

function rootMeanSquare({ tf, node, value, tensor }: KernelContext): Tensor {
  const x = tensor(0);
  const square = tf.mean(tf.square(x), axesFrom(node, value(0).rank), true);
  return tf.mul(tf.div(x, tf.sqrt(tf.add(square, epsilonOf(node)))), tensor(1));
}

function along(make: (tf: Tf, x: Tensor) => Tensor): Kernel {
  return ({ tf, node, value }) => {
    const { rank, type } = value(0);
    const axis = wrapAxis(intAttribute(node, "axis", -1), rank);
    const order: Order = [...identity(rank).filter((dim) => dim !== axis), axis];
    return { tensor: make(tf, value(0).inOrder(order)), order, type };
  };
}
