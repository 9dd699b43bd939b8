import type { Tensor } from "@tensorflow/tfjs-core";
import { countOf } from "../../onnx/constant.ts";
import { floatAttribute, intAttribute, stringAttribute } from "../../onnx/attributes.ts";
import { broadcastDims, expand, reshape } from "./compose.ts";
import { defineKernels, type KernelContext } from "./kernel.ts";
import { identity } from "./value.ts";

/** Matrix products. TensorFlow.js does not sum a gradient over broadcast stacks, so stacks are made equal beforehand. */
export const productKernels = defineKernels({
  Gemm({ tf, node, tensor, inputs }) {
    const [a, b] = [tensor(0), tensor(1)];
    const [turnsA, turnsB] = ["transA", "transB"].map((name) => intAttribute(node, name, 0) === 1);
    const product = scaled(tf, tf.matMul(a, b, turnsA, turnsB), floatAttribute(node, "alpha", 1));
    if (!inputs[2]) return product;
    return tf.add(product, scaled(tf, tensor(2), floatAttribute(node, "beta", 1)));
  },

  MatMul: ({ tf, tensor }) => matMul(tf, tensor(0), tensor(1)),

  Einsum({ tf, node, inputs, tensor, refuse }) {
    const { operands, result } = labelsOf(stringAttribute(node, "equation", ""), refuse);
    const parts = inputs.map((_, i) => ({ labels: operands[i] ?? "", tensor: tensor(i) }));
    const [first, ...others] = parts;
    if (!first) return refuse("Einsum of nothing");
    const product = others.reduce((left, right, i) => {
      const rest = others.slice(i + 1).map(({ labels }) => labels);
      return contract(tf, left, right, [result, ...rest].join(""));
    }, first);
    const summed = summedTo(tf, product, result);
    return tf.transpose(
      summed.tensor,
      [...result].map((label) => summed.labels.indexOf(label)),
    );
  },
});

type Tf = KernelContext["tf"];

function scaled(tf: Tf, x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : tf.mul(x, factor);
}

/** The product of stacks of matrices, as ONNX broadcasts them; a row or a column loses its dim again. */
export function matMul(tf: Tf, left: Tensor, right: Tensor): Tensor {
  const a = left.rank === 1 ? reshape(tf, left, [1, left.size]) : left;
  const b = right.rank === 1 ? reshape(tf, right, [right.size, 1]) : right;
  const made = stacked(tf, a, b);
  const dims = made.shape.filter(
    (_, i) =>
      !(left.rank === 1 && i === made.rank - 2) && !(right.rank === 1 && i === made.rank - 1),
  );
  return dims.length === made.rank ? made : reshape(tf, made, dims);
}

function stacked(tf: Tf, a: Tensor, b: Tensor): Tensor {
  const [m = 1, k = 1] = a.shape.slice(-2);
  const n = b.shape.at(-1) ?? 1;
  // Many rows by one matrix are one product.
  if (b.rank === 2) {
    const rows = countOf(a.shape.slice(0, -1));
    return reshape(tf, tf.matMul(reshape(tf, a, [rows, k]), b), [...a.shape.slice(0, -1), n]);
  }
  const stack = broadcastDims(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const count = countOf(stack);
  const whole = (x: Tensor, rows: number, columns: number) =>
    reshape(tf, expand(tf, x, [...stack, rows, columns]), [count, rows, columns]);
  return reshape(tf, tf.matMul(whole(a, m, k), whole(b, k, n)), [...stack, m, n]);
}

interface Labelled {
  readonly labels: string;
  readonly tensor: Tensor;
}

function labelsOf(equation: string, refuse: (what: string) => never) {
  const text = equation.replaceAll(" ", "");
  if (text.includes(".")) refuse("Einsum with an ellipsis");
  const [left = "", right] = text.split("->");
  const operands = left.split(",");
  if (operands.some((operand) => new Set(operand).size < operand.length))
    refuse("Einsum of a diagonal");
  const all = [...left.replaceAll(",", "")];
  const once = [...new Set(all)].filter((label) => all.indexOf(label) === all.lastIndexOf(label));
  return { operands, result: right ?? once.toSorted().join("") };
}

/** Two operands as one stack of matrix products: labels of both that are still wanted stack, others of both are summed. */
function contract(tf: Tf, a: Labelled, b: Labelled, wanted: string): Labelled {
  const left = summedTo(tf, a, b.labels + wanted);
  const right = summedTo(tf, b, a.labels + wanted);
  const isIn = (labels: string) => (label: string) => labels.includes(label);
  const shared = [...left.labels].filter(isIn(right.labels));
  const stack = shared.filter(isIn(wanted));
  const inner = shared.filter((label) => !wanted.includes(label));
  const rows = [...left.labels].filter((label) => !right.labels.includes(label));
  const columns = [...right.labels].filter((label) => !left.labels.includes(label));
  const arrange = ({ labels, tensor }: Labelled, groups: readonly (readonly string[])[]) => {
    const sizes = groups.map((group) =>
      countOf(group.map((label) => tensor.shape[labels.indexOf(label)] ?? 1)),
    );
    const turned = tf.transpose(
      tensor,
      groups.flat().map((label) => labels.indexOf(label)),
    );
    return reshape(tf, turned, sizes);
  };
  const product = tf.matMul(
    arrange(left, [stack, rows, inner]),
    arrange(right, [stack, inner, columns]),
  );
  const dims = [...stack, ...rows].map(
    (label) => left.tensor.shape[left.labels.indexOf(label)] ?? 1,
  );
  const last = columns.map((label) => right.tensor.shape[right.labels.indexOf(label)] ?? 1);
  return {
    labels: [...stack, ...rows, ...columns].join(""),
    tensor: reshape(tf, product, [...dims, ...last]),
  };
}

function summedTo(tf: Tf, { labels, tensor }: Labelled, wanted: string): Labelled {
  const axes = identity(labels.length).filter((i) => !wanted.includes(labels[i] ?? ""));
  if (axes.length === 0) return { labels, tensor };
  return {
    labels: [...labels].filter((label) => wanted.includes(label)).join(""),
    tensor: tf.sum(tensor, axes),
  };
}
