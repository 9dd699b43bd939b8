import type { Tensor } from "@tensorflow/tfjs-core";
import { intAttribute, intsAttribute } from "../../onnx/attributes.ts";
import { cutAlong } from "./along.ts";
import { detached, expand, reshape, withGradient } from "./compose.ts";
import { defineKernels, type Kernel, type KernelContext } from "./kernel.ts";
import { identity, wrapAxis, type Made, type Order, type Value } from "./value.ts";

/**
 * Reductions over axes, wherever those lie. Of equal maxima along one axis the first has the gradient; over several
 * axes they share it (TensorFlow.js gives all of it to each).
 */
export const reductionKernels = defineKernels({
  ReduceSum: reduced((tf, x, axes) => tf.sum(x, [...axes], true)),
  ReduceMean: reduced((tf, x, axes) => tf.mean(x, [...axes], true)),
  ReduceMax: reduced((tf, x, axes) => reduceStored(tf, "max", x, axes)),
  ReduceMin: reduced((tf, x, axes) => reduceStored(tf, "min", x, axes)),
  ReduceProd: reduced((tf, x, axes) => productAlong(tf, x, axes)),
  ReduceL1: reduced((tf, x, axes) => tf.sum(tf.abs(x), [...axes], true)),
  ReduceL2: reduced((tf, x, axes) => length(tf, x, axes)),
  ReduceSumSquare: reduced((tf, x, axes) => tf.sum(tf.square(x), [...axes], true)),
  ReduceLogSum: reduced((tf, x, axes) => tf.log(tf.sum(x, [...axes], true))),
  ReduceLogSumExp: reduced((tf, x, axes) => {
    const largest = tf.max(x, [...axes], true); // a shift, whose own gradient cancels
    return tf.add(tf.log(tf.sum(tf.exp(tf.sub(x, largest)), [...axes], true)), largest);
  }),

  ArgMax: best((tf, x) => tf.argMax(x, -1)),
  ArgMin: best((tf, x) => tf.argMin(x, -1)),
});

type Tf = KernelContext["tf"];
type Reduce = (tf: Tf, x: Tensor, axes: readonly number[]) => Tensor;

function reduced(reduce: Reduce): Kernel {
  return (context) => {
    const { tf, node, inputs, value } = context;
    const given = value(0);
    const stated = inputs[1] ? Array.from(inputs[1].numbers) : (intsAttribute(node, "axes") ?? []);
    const { tensor, order } = given.stored;
    if (stated.length === 0 && intAttribute(node, "noop_with_empty_axes", 0))
      return { tensor, order, type: given.type };
    const dims =
      stated.length > 0 ? stated.map((axis) => wrapAxis(axis, given.rank)) : identity(given.rank);
    const places = dims.map((dim) => order.indexOf(dim)).toSorted((a, b) => a - b);
    const kept = reduce(tf, tensor, places);
    const made = { tensor: kept, order, type: given.type };
    return intAttribute(node, "keepdims", 1) === 1 ? made : withoutDims(tf, made, dims);
  };
}

/** Leaves dims of 1 off. */
export function withoutDims(
  tf: Tf,
  { tensor, order, type }: Made & { order: Order },
  dims: readonly number[],
): Made {
  const left = identity(order.length).filter((dim) => !dims.includes(dim));
  const places = order.filter((dim) => !dims.includes(dim));
  const shape = places.map((dim) => tensor.shape[order.indexOf(dim)] ?? 1);
  const own = { tensor: reshape(tf, tensor, shape), order: places.map((dim) => left.indexOf(dim)) };
  return type ? { ...own, type } : own;
}

/** Greatest or least entries, dims kept. */
export function reduceStored(
  tf: Tf,
  which: "max" | "min",
  x: Tensor,
  axes: readonly number[],
): Tensor {
  const reduce = (value: Tensor) =>
    which === "max" ? tf.max(value, [...axes], true) : tf.min(value, [...axes], true);
  return withGradient(
    tf,
    x,
    [x],
    () => reduce(x),
    (dy, [own = x]) => {
      const [axis] = axes;
      const isBest =
        axes.length === 1 && axis !== undefined
          ? firstBest(tf, which, own, axis)
          : tf.cast(tf.equal(own, reduce(own)), "float32");
      const share = axes.length === 1 ? isBest : tf.div(isBest, tf.sum(isBest, [...axes], true));
      return tf.mul(dy, share);
    },
  );
}

/** 1 where the first of the best entries along an axis stands. */
function firstBest(tf: Tf, which: "max" | "min", x: Tensor, axis: number): Tensor {
  const best = which === "max" ? tf.argMax(x, axis) : tf.argMin(x, axis);
  const size = x.shape[axis] ?? 1;
  const along = x.shape.map((_, i) => (i === axis ? size : 1));
  const places = reshape(tf, tf.range(0, size, 1, "int32"), along);
  const kept = x.shape.map((dim, i) => (i === axis ? 1 : dim));
  return tf.cast(tf.equal(places, reshape(tf, best, kept)), "float32");
}

/** One axis after the other as products of halves, so that zeros among the factors have their gradient. */
function productAlong(tf: Tf, x: Tensor, axes: readonly number[]): Tensor {
  return axes.reduce((value, axis) => {
    const parts = cutAlong(
      tf,
      value,
      axis,
      identity(value.shape[axis] ?? 1).map(() => 1),
    );
    return parts.reduce((a, b) => tf.mul(a, b));
  }, x);
}

/** The Euclidean length, without a slope where it is 0. */
export function length(tf: Tf, x: Tensor, axes: readonly number[]): Tensor {
  const own = () => tf.sqrt(tf.sum(tf.square(x), [...axes], true));
  return withGradient(tf, x, [x], own, (dy, [value = x]) => {
    const size = tf.sqrt(tf.sum(tf.square(value), [...axes], true));
    const whole = expand(tf, size, value.shape);
    const slope = tf.div(value, tf.maximum(whole, Number.MIN_VALUE));
    return tf.mul(dy, tf.where(tf.greater(whole, 0), slope, tf.zerosLike(slope)));
  });
}

function best(find: (tf: Tf, x: Tensor) => Tensor): Kernel {
  return ({ tf, node, value, refuse }) => {
    const given: Value = value(0);
    const axis = wrapAxis(intAttribute(node, "axis", 0), given.rank);
    if (intAttribute(node, "select_last_index", 0)) refuse(`${node.op} of the last among equals`);
    const last = [...identity(given.rank).filter((dim) => dim !== axis), axis];
    const found = detached(tf, () => find(tf, given.inOrder(last)));
    const kept = reshape(tf, found, [...found.shape, 1]);
    const made = { tensor: kept, order: last, type: "i64" as const };
    return intAttribute(node, "keepdims", 1) === 1 ? made : withoutDims(tf, made, [axis]);
  };
}
