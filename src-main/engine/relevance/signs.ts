import { floatAttribute, stringAttribute } from "../onnx/attributes.ts";
import { numbersOf } from "../onnx/constant.ts";
import type { Graph, Node } from "../onnx/graph.ts";
import { descendantsOf, makesOf } from "../onnx/walk.ts";

/** What the sweep asks of values, read off the graph once. */
export interface ValueFacts {
  readonly varying: ReadonlySet<string>;
  readonly picture: ReadonlySet<string>;
  readonly nonNegative: ReadonlySet<string>;
}

/** Which values depend on the picture, which are still the picture, and which are nowhere negative. */
export function factsOf(graph: Graph, image: string): ValueFacts {
  const varying = descendantsOf(graph, [image]);
  const picture = new Set([image]);
  const nonNegative = new Set<string>();
  for (const node of graph.nodes) {
    const reads = node.inputs.filter((input) => varying.has(input));
    if (rearranging.has(node.op) && reads.length && reads.every((input) => picture.has(input)))
      makesOf(node).forEach((output) => picture.add(output));
    if (isNonNegative(node, reads, graph, nonNegative))
      makesOf(node).forEach((output) => nonNegative.add(output));
  }
  return { varying, picture, nonNegative };
}

/** What a preparation inside the graph is made of. */
const rearranging = new Set(
  (
    "Identity Dropout Cast Transpose Reshape Squeeze Unsqueeze Add Sub Mul Div Neg Clip Pad Slice Split Gather Concat " +
    "Resize BatchNormalization QuantizeLinear DequantizeLinear"
  ).split(" "),
);
const rising = new Set("Relu Sigmoid HardSigmoid Softplus Softmax Abs Exp".split(" "));
const keeping = new Set(
  (
    "Identity Dropout Cast Transpose Reshape Flatten Squeeze Unsqueeze Expand MaxPool AveragePool GlobalAveragePool " +
    "GlobalMaxPool ReduceMean ReduceMax Slice Split Gather Concat DepthToSpace SpaceToDepth LRN"
  ).split(" "),
);

function isNonNegative(
  node: Node,
  reads: readonly string[],
  graph: Graph,
  known: ReadonlySet<string>,
): boolean {
  if (rising.has(node.op)) return true;
  const all = reads.length > 0 && reads.every((input) => known.has(input));
  if (keeping.has(node.op)) return all;
  const numbers = (name: string | undefined) => {
    const constant = graph.constants.get(name ?? "");
    return constant ? numbersOf(constant) : undefined;
  };
  if (node.op === "Clip") return all || (numbers(node.inputs[1])?.[0] ?? -1) >= 0;
  if (node.op === "LeakyRelu") return all && floatAttribute(node, "alpha", 0.01) >= 0;
  if (node.op === "Pad")
    return (
      all &&
      stringAttribute(node, "mode", "constant") === "constant" &&
      (node.inputs[2] ? (numbers(node.inputs[2])?.[0] ?? -1) >= 0 : true)
    );
  // Of two values that vary; a constant may be of any sign.
  if (node.op === "Add" || node.op === "Mul")
    return all && node.inputs.every((input) => known.has(input));
  return false;
}
