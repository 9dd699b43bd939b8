import type { TapDescription } from "../../../shared/domain/model.ts";
import type { Graph, Shapes } from "../onnx/graph.ts";
import { makesOf } from "../onnx/walk.ts";
import { layoutReader, type MapLayout } from "./layouts.ts";
import { pathTo } from "./taps.ts";

/** What averages a map away or only moves it about: the map is what it reads. */
const passing = new Set(
  (
    "AveragePool GlobalAveragePool GlobalMaxPool LpPool ReduceMean Dropout Identity Reshape Transpose Slice Split Squeeze " +
    "Unsqueeze Gather Pad Expand Softmax"
  ).split(" "),
);

/**
 * The last map before the score, where explanations begin that are swept back: of a VGG what its last max pooling gives, of
 * most other networks what the pooling reads. Before class maps, the layer that they are made of. Undefined where there is none.
 */
export function findLastMap(
  graph: Graph,
  shapes: Shapes,
  image: string,
  logits: string,
  taps: readonly TapDescription[],
): (MapLayout & { readonly name: string }) | undefined {
  const before = taps.find(({ reason }) => reason === "before-class-maps");
  if (before) return before;
  const path = pathTo(graph, shapes, image, logits);
  const read = layoutReader(graph, shapes);
  for (const node of graph.nodes.toReversed()) {
    const [name = ""] = makesOf(node);
    if (!path.has(name) || passing.has(node.op) || shapes.get(name)?.type !== "f32") continue;
    const layout = read(name);
    if (layout) return { ...layout, name };
  }
  return undefined;
}
