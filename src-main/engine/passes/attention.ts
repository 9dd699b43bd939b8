import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { producersOf, readsOf } from "../onnx/walk.ts";

/** One softmax over products of two activations. */
export interface Attention {
  readonly softmax: Node;
  /** Values that the query and key are made from, nearest first: one of them is the block's normalised input. */
  readonly inputs: readonly string[];
  /** Whether it looks within windows, several per image. */
  readonly isWindowed: boolean;
}

/** Nodes between the product and its softmax, and between a projection and the product. */
const passing = new Set(
  (
    "Add Mul Div Sub Where Cast Reshape Transpose Split Slice Gather Squeeze Unsqueeze Identity Dropout Flatten " +
    "Concat Pad LpNormalization Sqrt Max Clip ReduceL2 Expand Softcap Tanh"
  ).split(" "),
);
const mostSteps = 400;

/** The attentions of the graph in order. */
export function findAttentions(
  graph: Graph,
  shapes: Shapes,
  path: ReadonlySet<string>,
): Attention[] {
  const producers = producersOf(graph);
  return graph.nodes.flatMap((softmax) => {
    const output = softmax.outputs[0] ?? "";
    if (softmax.op !== "Softmax" || !path.has(output)) return [];
    const product = productBehind(softmax.inputs[0] ?? "");
    if (!product) return [];
    const inputs = product.inputs.flatMap((input) => projectionInputs(input));
    const shape = shapes.get(output);
    const isWindowed = (shape?.batchFactor[0] ?? 0) > 1;
    return [{ softmax, inputs, isWindowed }];
  });

  /** Back from a softmax to the product of two activations. */
  function productBehind(name: string): Node | undefined {
    const open = [name];
    for (let i = 0; i < open.length && i < mostSteps; i++) {
      const node = producers.get(open[i] ?? "");
      if (!node || !path.has(open[i] ?? "")) continue;
      if (isProduct(node)) return node;
      if (passing.has(node.op)) open.push(...readsOf(node));
    }
    return undefined;
  }

  function isProduct(node: Node): boolean {
    const isMatrix = node.op === "MatMul" || node.op === "Einsum" || node.op === "Gemm";
    return isMatrix && node.inputs.filter((input) => path.has(input)).length >= 2;
  }

  /** Back from a query or key through its projection to what was projected, and on through shapes. */
  function projectionInputs(name: string): string[] {
    const found: string[] = [];
    let hasProjection = false;
    const open = [name];
    for (let i = 0; i < open.length && i < mostSteps; i++) {
      const value = open[i] ?? "";
      const node = producers.get(value);
      if (!node || !path.has(value)) continue;
      if (hasProjection) found.push(value);
      const isProjection =
        node.op === "MatMul" || node.op === "Gemm" || node.op === "Conv" || node.op === "Einsum";
      if (isProjection && !hasProjection) {
        hasProjection = true;
        open.splice(i + 1, open.length, node.inputs[0] ?? "");
      } else if (passing.has(node.op) && !isProjection) open.push(...readsOf(node));
    }
    return found;
  }
}
