import type { Graph, Node, Shapes } from "../onnx/graph.ts";

/**
 * Multiply-adds of one image, roughly: products count their multiplications, everything else its results. Good for
 * ratios between parts of one network, not for times.
 */
export function costOf(graph: Graph, shapes: Shapes, nodes: readonly Node[] = graph.nodes): number {
  const batch = [...shapes.values()].find(({ batchFactor }) => batchFactor[0] === 1)?.dims[0] ?? 1;
  const sizeOf = (name: string | undefined) => {
    const dims = shapes.get(name ?? "")?.dims ?? [];
    return dims.reduce((product, dim) => product * dim, 1);
  };
  let cost = 0;
  for (const node of nodes) {
    const results = sizeOf(node.outputs[0]);
    const dims = (at: number) => shapes.get(node.inputs[at] ?? "")?.dims ?? [];
    if (node.op === "Conv") cost += results * product(dims(1).slice(1));
    else if (node.op === "ConvTranspose")
      cost += sizeOf(node.inputs[0]) * product(dims(1).slice(1));
    else if (node.op === "MatMul" || node.op === "Gemm" || node.op === "Einsum")
      cost += results * (dims(0).at(-1) ?? 1);
    else cost += results;
  }
  return cost / batch;
}

function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1);
}
