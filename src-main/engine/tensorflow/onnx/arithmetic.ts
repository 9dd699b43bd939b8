import type { Tensor } from "@tensorflow/tfjs-core";
import { chosen, detached, reshape } from "./compose.ts";
import { defineKernels, type Kernel, type KernelContext } from "./kernel.ts";
import { identity, type Order, type Value } from "./value.ts";

/**
 * Operators over values that broadcast against each other. The result lies as its largest operand lies: small operands
 * are turned, activations are not.
 */
export const arithmeticKernels = defineKernels({
  Add: binary((tf, a, b) => tf.add(a, b)),
  Sub: binary((tf, a, b) => tf.sub(a, b)),
  Mul: binary((tf, a, b) => tf.mul(a, b)),
  Div: binary((tf, a, b) => tf.div(a, b)),
  Mod: binary((tf, a, b) => tf.mod(a, b)),
  // Half of all powers are squares, whose gradient needs no logarithm.
  Pow(context) {
    const { tf } = context;
    const [base, exponent] = [context.value(0), context.value(1)];
    if (exponent.isOnHost && isAll(exponent, 2)) {
      const { tensor, order } = base.stored;
      return { tensor: tf.square(tensor), order, type: base.type };
    }
    const { order, tensors } = aligned(context);
    const [a = tensors[0], b] = tensors.map((tensor) => tf.cast(tensor, "float32"));
    return { tensor: tf.pow(a as Tensor, b as Tensor), order, type: base.type }; // two inputs, two tensors
  },
  Sum: folded((tf, a, b) => tf.add(a, b)),
  Mean(context) {
    const { tf, inputs } = context;
    const { order, tensors } = aligned(context);
    return {
      tensor: tf.div(
        fold(tensors, (a, b) => tf.add(a, b)),
        inputs.length,
      ),
      order,
    };
  },
  // The first of equals; TensorFlow's own gradients of these do not fit operands that broadcast.
  Max: folded((tf, a, b) => chosen(tf, tf.greaterEqual(a, b), a, b)),
  Min: folded((tf, a, b) => chosen(tf, tf.lessEqual(a, b), a, b)),
  PRelu(context) {
    const { tf } = context;
    const { order, tensors } = aligned(context);
    const [x, slope] = tensors as [Tensor, Tensor]; // two inputs, two tensors
    return { tensor: chosen(tf, tf.greaterEqual(x, 0), x, tf.mul(x, slope)), order };
  },

  Equal: compared((tf, a, b) => tf.equal(a, b)),
  Greater: compared((tf, a, b) => tf.greater(a, b)),
  GreaterOrEqual: compared((tf, a, b) => tf.greaterEqual(a, b)),
  Less: compared((tf, a, b) => tf.less(a, b)),
  LessOrEqual: compared((tf, a, b) => tf.lessEqual(a, b)),
  And: compared((tf, a, b) => tf.logicalAnd(a, b)),
  Or: compared((tf, a, b) => tf.logicalOr(a, b)),
  Xor: compared((tf, a, b) => tf.logicalXor(a, b)),
  Not: ({ tf, value }) => {
    const { tensor, order } = value(0).stored;
    return { tensor: detached(tf, () => tf.logicalNot(tensor)), order };
  },
  Where(context) {
    const { tf } = context;
    const { order, tensors } = aligned(context);
    const [condition, a, b] = tensors as [Tensor, Tensor, Tensor]; // three inputs, three tensors
    return { tensor: chosen(tf, condition, a, b), order, type: context.value(1).type };
  },
});

type Tf = KernelContext["tf"];
type Combine = (tf: Tf, a: Tensor, b: Tensor) => Tensor;

function binary(combine: Combine): Kernel {
  return folded(combine);
}

function folded(combine: Combine): Kernel {
  return (context) => {
    const { order, tensors } = aligned(context);
    const { type } = context.value(0);
    return { tensor: fold(tensors, (a, b) => combine(context.tf, a, b)), order, type };
  };
}

function compared(combine: Combine): Kernel {
  return (context) => {
    const { order, tensors } = aligned(context);
    const { tf } = context;
    const tensor = detached(tf, () => fold(tensors, (a, b) => combine(tf, a, b)));
    return { tensor, order, type: "bool" };
  };
}

function fold(tensors: readonly Tensor[], combine: (a: Tensor, b: Tensor) => Tensor): Tensor {
  return tensors.reduce((a, b) => combine(a, b));
}

/** All inputs in one order, with leading dims of 1 where they lack some. */
export function aligned(context: KernelContext): {
  readonly order: Order;
  readonly tensors: readonly Tensor[];
} {
  const { tf, inputs } = context;
  const values = inputs.filter((value) => value !== undefined);
  const rank = Math.max(...values.map((value) => value.rank));
  const leader = leaderOf(values, rank);
  const order = leader ? leader.stored.order : identity(rank);
  return { order, tensors: values.map((value) => inOrderOf(tf, value, order)) };
}

/** The largest value of full rank that lies in an order of its own. */
function leaderOf(values: readonly Value[], rank: number): Value | undefined {
  const size = ({ dims }: Value) => dims.reduce((a, b) => a * b, 1);
  const whole = values.filter((value) => value.rank === rank);
  return whole.toSorted((a, b) => size(b) - size(a))[0];
}

function inOrderOf(tf: Tf, value: Value, order: Order): Tensor {
  const rank = order.length;
  if (value.rank === rank) return value.inOrder(order);
  if (value.rank === 0)
    return reshape(
      tf,
      value.plain,
      order.map(() => 1),
    );
  const lead = rank - value.rank;
  return value.form(`raised ${order.join()}`, () => {
    const raised = reshape(tf, value.plain, [...identity(lead).map(() => 1), ...value.dims]);
    return tf.transpose(raised, [...order]);
  });
}

function isAll(value: Value, number: number): boolean {
  const { numbers } = value;
  for (let i = 0; i < numbers.length; i++) if (numbers[i] !== number) return false;
  return numbers.length === 1;
}
