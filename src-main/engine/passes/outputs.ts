import { isFloat } from "../onnx/constant.ts";
import type { ElementType, Graph } from "../onnx/graph.ts";
import { descendantsOf, makesOf, producersOf, readsOf } from "../onnx/walk.ts";

/** Operators that turn scores into names, ranks or dictionaries. */
const namers = new Set(["ZipMap", "ArgMax", "TopK", "LabelEncoder", "ArrayFeatureExtractor"]);

/**
 * The values that may hold one score per class, most likely first: float outputs, then what a dictionary output
 * (ZipMap) was made from, then what a label output was chosen by.
 */
export function scoreCandidates(
  graph: Graph,
  otherOutputs: readonly string[],
  imageName: string,
): string[] {
  const seen = descendantsOf(graph, [imageName]);
  const producers = producersOf(graph);
  const isFloatType = (type: ElementType | null) => type === null || isFloat(type);
  const floats = graph.outputs
    .filter(({ type, name }) => isFloatType(type) && seen.has(name))
    .map(({ name }) => name);
  const others = [
    ...otherOutputs,
    ...graph.outputs.filter(({ type }) => !isFloatType(type)).map(({ name }) => name),
  ];
  const before = others.flatMap((name) => {
    const maker = scoresBefore(name);
    return maker ? [maker] : [];
  });
  return [...new Set([...floats, ...before])];

  /** Walks back from a name or a rank to the scores it was chosen by. */
  function scoresBefore(output: string): string | undefined {
    let name = output;
    for (let node = producers.get(name); node; node = producers.get(name)) {
      const next = readsOf(node).find((input) => seen.has(input));
      if (!next || !makesOf(node).includes(name)) return undefined;
      name = next;
      if (node.op === "ZipMap" || node.op === "ArgMax" || node.op === "TopK") return name;
      if (!namers.has(node.op) && !["Cast", "Identity", "Reshape", "Squeeze"].includes(node.op))
        return undefined;
    }
    return undefined;
  }
}
