import { attributesFrom } from "../onnx/attributes.ts";
import { intConstant } from "../onnx/constant.ts";
import type { Constant, Dim, Graph, Node, Shapes, ValueShape } from "../onnx/graph.ts";
import {
  ancestorsOf,
  descendantsOf,
  freshNames,
  makesOf,
  plainNode,
  producersOf,
  pruned,
  readsOf,
  withOutputs,
} from "../onnx/walk.ts";

/** The part of the graph from a tap to the logits, as a graph of its own. */
export interface Tail {
  /** Inputs: the tap, then what else crosses the cut. One output: the logits. */
  readonly graph: Graph;
  /** Other values that depend on the image and are read below the cut. */
  readonly crossing: readonly string[];
}

/** The name of the batch below the cut: not the one above it, because the runtime takes equal names for equal sizes. */
const rows = "R";

/**
 * Cuts the graph at a tap. What else crosses the cut becomes an input too, or the image would stay one; shapes that were
 * computed above are computed again below, from the tap's own batch.
 */
export function cutTail(
  graph: Graph,
  shapes: Shapes,
  tap: string,
  logits: string,
  image: string,
): Tail {
  const below = descendantsOf(graph, [tap]);
  const seen = descendantsOf(graph, [image]);
  const producers = producersOf(graph);
  const wanted = ancestorsOf(graph, [logits], new Set([tap]));
  const fresh = freshNames(graph);
  const constants = new Map<string, Constant>(graph.constants);
  const nodes: Node[] = [];
  const crossing: string[] = [];
  const placed = new Set<string>();
  const batch = batchNodes();

  for (const node of graph.nodes) {
    if (!makesOf(node).some((name) => below.has(name) && wanted.has(name) && name !== tap))
      continue;
    for (const name of readsOf(node)) bring(name);
    nodes.push(node);
  }
  const info = (name: string) => ({
    name,
    type: shapes.get(name)?.type ?? ("f32" as const),
    dims: rowDims(shapes.get(name)),
  });
  return {
    graph: pruned({
      ...withOutputs(graph, [logits]),
      inputs: [tap, ...crossing].map(info),
      constants,
      nodes,
    }),
    crossing,
  };

  /** Makes a value of above the cut known below it. */
  function bring(name: string): void {
    if (name === tap || below.has(name) || constants.has(name) || placed.has(name)) return;
    placed.add(name);
    const maker = producers.get(name);
    if (!seen.has(name)) {
      if (!maker) return;
      for (const input of readsOf(maker)) bring(input);
      nodes.push(maker);
      return;
    }
    if (maker?.op === "Shape" && maker.domain === "")
      return void nodes.push(...shapeNodes(maker, name));
    if (maker && isShapeOnly(name)) {
      for (const input of readsOf(maker)) bring(input);
      nodes.push(maker);
      return;
    }
    crossing.push(name);
  }

  function isShapeOnly(name: string): boolean {
    const maker = producers.get(name);
    if (!maker || name === tap) return false;
    if (maker.op === "Shape") return true;
    return (
      readsOf(maker).length > 0 &&
      readsOf(maker).every((input) => graph.constants.has(input) || isShapeOnly(input))
    );
  }

  /** The dims of a value above the cut, from what the probe saw and the batch below. */
  function shapeNodes(maker: Node, output: string): Node[] {
    const shape = shapes.get(maker.inputs[0] ?? "");
    if (!shape) return [maker];
    const start = maker.attributes.start?.kind === "int" ? maker.attributes.start.value : 0;
    const end = maker.attributes.end?.kind === "int" ? maker.attributes.end.value : undefined;
    const picked = shape.dims.map((_, i) => i).slice(start, end);
    const made: Node[] = [];
    const parts = picked.map((axis) => {
      const part = fresh(`${output}/dim`);
      const factor = shape.batchFactor[axis] ?? 0;
      constants.set(part, intConstant([factor || (shape.dims[axis] ?? 1)]));
      if (!factor) return part;
      const scaled = fresh(`${output}/rows`);
      made.push(...batch.nodes(), plainNode("Mul", [batch.name, part], [scaled]));
      return scaled;
    });
    return [...made, plainNode("Concat", parts, [output], attributesFrom({ axis: 0 }))];
  }

  function batchNodes() {
    const name = fresh("rows");
    let isMade = false;
    return {
      name,
      nodes(): Node[] {
        if (isMade) return [];
        isMade = true;
        return [plainNode("Shape", [tap], [name], attributesFrom({ start: 0, end: 1 }))];
      },
    };
  }
}

function rowDims(shape: ValueShape | undefined): Dim[] | null {
  if (!shape) return null;
  return shape.dims.map((dim, i) => {
    const factor = shape.batchFactor[i] ?? 0;
    if (factor === 0) return dim;
    return factor === 1 ? rows : `${factor}${rows}`;
  });
}
