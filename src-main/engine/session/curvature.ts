import type { Graph, Node } from "../onnx/graph.ts";
import { makesOf, readsOf } from "../onnx/walk.ts";

/** Linear in their first input, or in pieces; what else they read says how, not what. */
const pieces = new Set([
  "Identity",
  "Cast",
  "Dropout",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Transpose",
  "Expand",
  "Tile",
  "Slice",
  "Split",
  "Gather",
  "Pad",
  "Concat",
  "Add",
  "Sub",
  "Sum",
  "Mean",
  "Neg",
  "Abs",
  "Max",
  "Min",
  "Relu",
  "LeakyRelu",
  "PRelu",
  "Clip",
  "ReduceMean",
  "ReduceSum",
  "ReduceMax",
  "ReduceMin",
  "GlobalAveragePool",
  "GlobalMaxPool",
  "AveragePool",
  "MaxPool",
  "BatchNormalization",
  "Resize",
]);
/** Linear as long as one factor alone depends on the source; a divisor never may. */
const products = new Set(["Mul", "MatMul", "Gemm", "Conv", "ConvTranspose"]);

/** Read the form of a tensor, not its values. */
const forms = new Set(["Shape", "Size"]);

/** The first operator that bends what depends on `source`; null where every way from it is linear in pieces. */
export function firstCurved(graph: Graph, source: string): Node | null {
  const dependent = new Set([source]);
  for (const node of graph.nodes) {
    if (forms.has(node.op) || !readsOf(node).some((name) => dependent.has(name))) continue;
    if (!isPiecewise(node, dependent)) return node;
    for (const name of makesOf(node)) dependent.add(name);
  }
  return null;
}

function isPiecewise({ domain, op, inputs }: Node, dependent: ReadonlySet<string>): boolean {
  if (domain !== "") return false;
  const factors = inputs.slice(0, 2).filter((name) => dependent.has(name));
  if (op === "Div") return !dependent.has(inputs[1] ?? "");
  return pieces.has(op) || (products.has(op) && factors.length < 2);
}
