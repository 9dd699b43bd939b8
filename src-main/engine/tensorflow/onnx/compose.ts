import type { Tensor } from "@tensorflow/tfjs-core";
import { countOf } from "../../onnx/constant.ts";
import type { TensorFlow } from "../runtime.ts";
import { identity } from "./value.ts";

/**
 * Operations that TensorFlow.js lacks, or whose gradient it lacks on some backend or rank, composed of ones that run
 * everywhere. Each states its own gradient.
 */
type Tf = TensorFlow["tf"];
type Dims = readonly number[];

/**
 * `forward`, a function of x, with a gradient of its own. `kept` are handed to `backward` as they were: values of the
 * graph are disposed of after their last reader, long before the gradient comes by.
 */
export function withGradient(
  tf: Tf,
  x: Tensor,
  kept: readonly Tensor[],
  forward: () => Tensor,
  backward: (dy: Tensor, kept: readonly Tensor[]) => Tensor,
): Tensor {
  return withGradients(tf, [x], kept, forward, (dy, saved) => [backward(dy, saved)]);
}

/** The same for a function of several tensors; gradients in their order. */
export function withGradients(
  tf: Tf,
  inputs: readonly Tensor[],
  kept: readonly Tensor[],
  forward: () => Tensor,
  backward: (dy: Tensor, kept: readonly Tensor[]) => Tensor[],
): Tensor {
  const call = tf.customGrad((...given) => {
    const save = given[inputs.length] as (tensors: Tensor[]) => void; // the argument after the inputs
    save([...kept]);
    return { value: forward(), gradFunc: (dy: Tensor, saved: Tensor[]) => backward(dy, saved) };
  });
  return call(...inputs);
}

/**
 * What `make` computes, as a number that follows from nothing: comparisons, indices and roundings have no slope, and
 * TensorFlow.js refuses a gradient that meets one on its way.
 */
export function detached(tf: Tf, make: () => Tensor): Tensor {
  return withGradients(tf, [], [], make, () => []);
}

/** `where` over operands of any rank that broadcast. */
export function chosen(tf: Tf, condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const dims = broadcastDims(condition.shape, a.shape, b.shape);
  const [left, right] = [expand(tf, a, dims), expand(tf, b, dims)];
  const test = detached(tf, () => tf.cast(expand(tf, condition, dims), "bool"));
  return withGradients(
    tf,
    [left, right],
    [test],
    () => tf.where(test, left, right),
    (dy, [own = test]) => {
      const none = tf.zerosLike(dy);
      return [tf.where(own, dy, none), tf.where(own, none, dy)];
    },
  );
}

/** Dims of values broadcast against each other; a dim of 0 wins over 1. */
export function broadcastDims(...values: readonly Dims[]): number[] {
  const rank = Math.max(...values.map((dims) => dims.length));
  return identity(rank).map((i) =>
    values.reduce((size, dims) => {
      const own = dims[i - rank + dims.length] ?? 1;
      return own === 1 ? size : own;
    }, 1),
  );
}

export function reshape(tf: Tf, x: Tensor, dims: Dims): Tensor {
  return tf.reshape(x, [...dims]);
}

/** Repeats along dims of size 1, of any rank; the gradient of `tf.tile` ends at rank 4. */
export function expand(tf: Tf, x: Tensor, dims: Dims): Tensor {
  const own = x.shape;
  if (String(own) === String(dims)) return x;
  const whole = [...identity(dims.length - x.rank).map(() => 1), ...own];
  const repeats = dims.map((dim, i) => (whole[i] === dim ? 1 : dim));
  return withGradient(
    tf,
    x,
    [],
    () => tf.tile(reshape(tf, x, whole), repeats),
    (dy) => sumTo(tf, dy, own),
  );
}

/** Sums a broadcast result's gradient back to these dims. */
export function sumTo(tf: Tf, dy: Tensor, dims: Dims): Tensor {
  const lead = dy.rank - dims.length;
  const axes = identity(dy.rank).filter(
    (i) => i < lead || (dims[i - lead] === 1 && dy.shape[i] !== 1),
  );
  return reshape(tf, axes.length > 0 ? tf.sum(dy, axes) : dy, dims);
}

/** Entries along one axis by index, `indices` `[M]`; what is read twice gets both gradients. */
export function gatherAlong(tf: Tf, x: Tensor, indices: Tensor, axis: number): Tensor {
  const own = x.shape;
  const front = [axis, ...identity(own.length).filter((i) => i !== axis)];
  const back = identity(own.length).map((i) => front.indexOf(i));
  const [size = 1, ...rest] = front.map((i) => own[i] ?? 1);
  return withGradient(
    tf,
    x,
    [indices],
    () => tf.gather(x, indices as never, axis), // of rank 1
    (dy, [places = indices]) => {
      const rows = reshape(tf, tf.transpose(dy, front), [places.size, countOf(rest)]);
      const summed = addAt(tf, rows, places, size);
      return tf.transpose(reshape(tf, summed, [size, ...rest]), back);
    },
  );
}

/** Rows `[M, n]` added up at their indices `[M]`: `[size, n]`. */
export function addAt(tf: Tf, rows: Tensor, indices: Tensor, size: number): Tensor {
  const width = rows.shape[1] ?? 1;
  return withGradient(
    tf,
    rows,
    [indices],
    () => tf.scatterND(reshape(tf, indices, [indices.size, 1]) as never, rows, [size, width]), // typed by rank
    (dy, [places = indices]) => tf.gather(dy, places as never), // of rank 1
  );
}

/** Every entry kept inside bounds; nothing passes at a bound, as nothing passes at 0 of ReLU. */
export function clip(tf: Tf, x: Tensor, low: number, high: number): Tensor {
  return withGradient(
    tf,
    x,
    [x],
    () => tf.clipByValue(x, low, high),
    (dy, [own = x]) => {
      const isInside = tf.logicalAnd(tf.greater(own, low), tf.less(own, high));
      return tf.where(isInside, dy, tf.zerosLike(dy));
    },
  );
}
