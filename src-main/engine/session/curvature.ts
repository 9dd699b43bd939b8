import type { Graph, Node } from "../onnx/graph.ts";
import { descendantsOf } from "../onnx/walk.ts";

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

/** The first operator that bends what depends on `source`; null where every way from it is linear in pieces. */
export function firstCurved(graph: Graph, source: string): Node | null {
  const dependent = descendantsOf(graph, [source]);
  const factors = ({ inputs }: Node) => inputs.slice(0, 2).filter((name) => dependent.has(name));
  for (const node of graph.nodes) {
    if (!node.inputs.some((name) => dependent.has(name))) continue;
    if (node.domain === "" && pieces.has(node.op)) continue;
    if (node.domain === "" && products.has(node.op) && factors(node).length === 1) continue;
    if (node.op === "Div" && !dependent.has(node.inputs[1] ?? "")) continue;
    return node;
  }
  return null;
}
