import { countOf, isInteger, numbersOf } from "../../src-main/engine/onnx/constant.ts";
import type { Constant, Graph, Shapes, ValueShape } from "../../src-main/engine/onnx/graph.ts";
import { makesOf, withOutputs } from "../../src-main/engine/onnx/walk.ts";
import { runGraph } from "../../src-main/engine/session/runtime.ts";

/**
 * Shapes of all values of a small graph with any inputs, by running it at batch 2 and 3. Pass `shapes` does the same
 * for models, which have one image input.
 */
export async function probeShapes(
  graph: Graph,
  feedsOf: (batch: number) => ReadonlyMap<string, Constant>,
): Promise<Shapes> {
  const probed = withOutputs(graph, graph.nodes.flatMap(makesOf));
  const [two, three] = await Promise.all([2, 3].map((batch) => valuesAt(batch)));
  if (!two || !three) throw new Error("both batches were run");
  return new Map([...two].map(([name, value]) => [name, shapeOf(value, three.get(name) ?? value)]));

  async function valuesAt(batch: number): Promise<Map<string, Constant>> {
    const feeds = feedsOf(batch);
    return new Map([...graph.constants, ...feeds, ...(await runGraph(probed, feeds))]);
  }
}

function shapeOf(two: Constant, three: Constant): ValueShape {
  const batchFactor = two.dims.map((dim, i) => (three.dims[i] ?? dim) - dim);
  const shape = { type: two.type, dims: two.dims, batchFactor };
  if (!isInteger(two.type) || countOf(two.dims) > 4096) return shape;
  const integers = numbersOf(two);
  return String(integers) === String(numbersOf(three)) ? { ...shape, integers } : shape;
}
