import type { Tensor } from "@tensorflow/tfjs-core";
import { countOf } from "../../onnx/constant.ts";
import type { TensorFlow } from "../runtime.ts";
import { reshape, withGradients } from "./compose.ts";

/**
 * Cutting and widening along one axis, of tensors of any rank: everything happens at rank 3 and 4, where every backend
 * has kernels and gradients.
 */
type Tf = TensorFlow["tf"];

/** `count` entries along the axis from `start` on, each `step` after the other. */
export function pickAlong(
  tf: Tf,
  x: Tensor,
  axis: number,
  { start, step = 1, count }: { start: number; step?: number; count: number },
): Tensor {
  const size = x.shape[axis] ?? 1;
  if (start === 0 && step === 1 && count === size) return x;
  const [outer, inner] = around(x, axis);
  const reach = count * step;
  const lack = Math.max(0, start + reach - size);
  const whole = padAlong(tf, reshape(tf, x, [outer, size, inner]), 1, 0, lack, 0);
  const cut = tf.slice(whole, [0, start, 0], [outer, reach, inner]);
  const one =
    step === 1
      ? cut
      : tf.slice(
          reshape(tf, cut, [outer, count, step, inner]),
          [0, 0, 0, 0],
          [outer, count, 1, inner],
        );
  return reshape(tf, one, resized(x, axis, count));
}

/** An axis cut into parts of these sizes: `tf.split` takes 100 times as long on the bundled backend. */
export function cutAlong(tf: Tf, x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  let start = 0;
  return sizes.map((count) => {
    const part = pickAlong(tf, x, axis, { start, count });
    start += count;
    return part;
  });
}

/** Tensors one after the other along an axis; the gradient is cut, where `tf.concat` would split. */
export function joinAlong(tf: Tf, parts: readonly Tensor[], axis: number): Tensor {
  const sizes = parts.map(({ shape }) => shape[axis] ?? 1);
  return withGradients(
    tf,
    parts,
    [],
    () => tf.concat([...parts], axis),
    (dy) => cutAlong(tf, dy, axis, sizes),
  );
}

/** Entries of zero between the entries and after the last: an axis `step` times as long. */
export function spreadAlong(tf: Tf, x: Tensor, axis: number, step: number): Tensor {
  if (step === 1) return x;
  const size = x.shape[axis] ?? 1;
  const [outer, inner] = around(x, axis);
  const apart = padAlong(tf, reshape(tf, x, [outer * size, 1, inner]), 1, 0, step - 1, 0);
  return reshape(tf, apart, resized(x, axis, size * step));
}

/** Widens an axis with a number; negative counts crop. */
export function padAlong(
  tf: Tf,
  x: Tensor,
  axis: number,
  begin: number,
  end: number,
  filling: number,
): Tensor {
  const size = x.shape[axis] ?? 1;
  const [from, to] = [Math.max(0, -begin), size - Math.max(0, -end)];
  const cut = from > 0 || to < size ? pickAlong(tf, x, axis, { start: from, count: to - from }) : x;
  if (begin <= 0 && end <= 0) return cut;
  const pads = x.shape.map((_, i): [number, number] =>
    i === axis ? [Math.max(0, begin), Math.max(0, end)] : [0, 0],
  );
  return tf.pad(cut, pads, filling);
}

function around({ shape }: Tensor, axis: number): [outer: number, inner: number] {
  return [countOf(shape.slice(0, axis)), countOf(shape.slice(axis + 1))];
}

function resized({ shape }: Tensor, axis: number, size: number): number[] {
  return shape.map((dim, i) => (i === axis ? size : dim));
}
