import { bytesOf, countOf } from "../../src-main/engine/onnx/constant.ts";
import type { Constant, Graph, Shapes } from "../../src-main/engine/onnx/graph.ts";
import { descendantsOf } from "../../src-main/engine/onnx/walk.ts";
import { createRandom } from "./seeded.ts";

/**
 * A graph of equal weights, as the structure models hold them, with seeded random ones: products by their fan-in, so
 * that activations keep their size; scales about 1, shifts about 0. Weights that a node fills in become constants.
 */
export function withRandomWeights(graph: Graph, shapes: Shapes): Graph {
  const constants = new Map<string, Constant>(graph.constants);
  const seen = descendantsOf(
    graph,
    graph.inputs.map(({ name }) => name),
  );
  const put = (name: string | undefined, low: number, high: number) => {
    const weight = shapes.get(name ?? "");
    if (!name || weight?.type !== "f32" || seen.has(name)) return;
    const random = createRandom(constants.size + name.length);
    const values = new Float32Array(countOf(weight.dims)); // up to 10^8 of them
    for (let i = 0; i < values.length; i++) values[i] = low + random() * (high - low);
    constants.set(name, { type: "f32", dims: weight.dims, bytes: bytesOf(values) });
  };
  for (const { op, inputs, attributes } of graph.nodes) {
    if (op === "BatchNormalization") {
      [inputs[1], inputs[4]].forEach((name) => put(name, 0.5, 1.5));
      [inputs[2], inputs[3]].forEach((name) => put(name, -0.2, 0.2));
    } else if (op === "Mul") put(inputs[1], 0.5, 1.5);
    else if (op === "Add") put(inputs[1], -0.2, 0.2);
    else if (op === "Conv" || op === "Gemm") {
      const dims = shapes.get(inputs[1] ?? "")?.dims ?? [];
      const isTransposed = attributes["transB"]?.kind === "int" && attributes["transB"].value === 1;
      const fanIn = op === "Conv" ? countOf(dims.slice(1)) : (dims[isTransposed ? 1 : 0] ?? 1);
      const bound = Math.sqrt(6 / fanIn);
      put(inputs[1], -bound, bound);
      put(inputs[2], -0.1, 0.1);
    }
  }
  const nodes = graph.nodes.filter(({ outputs }) => !outputs.some((name) => constants.has(name)));
  return { ...graph, constants, nodes };
}
