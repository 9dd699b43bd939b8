import { intAttribute } from "../onnx/attributes.ts";
import { intConstant, numbersOf } from "../onnx/constant.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { freshNames, plainNode, producersOf, pruned, withOutputs } from "../onnx/walk.ts";

/** Where the scores are, before any Softmax or Sigmoid. */
export interface Logits {
  /** The graph with one output, `[N, C]`, and the shapes with it. */
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly name: string;
  readonly classes: number;
  /** The output of the file that they belong to. */
  readonly output: string;
  readonly stripped: "softmax" | "sigmoid" | "none";
}

/** Nodes that change the look of a score vector and not its values. */
const lookOnly = new Set([
  "Identity",
  "Dropout",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Cast",
]);
const squashing: Readonly<Record<string, Logits["stripped"]>> = {
  Softmax: "softmax",
  LogSoftmax: "softmax",
  Sigmoid: "sigmoid",
};

/**
 * The logits: from the first candidate that is one score per class, back through nodes that only change its look to a
 * Softmax or Sigmoid, whose input is taken. Undefined when no candidate is one score per class.
 */
export function findLogits(
  graph: Graph,
  shapes: Shapes,
  candidates: readonly string[],
): Logits | undefined {
  for (const output of candidates) {
    const classes = classesOf(output, shapes);
    if (classes === undefined) continue;
    const { name, stripped } = strip(graph, shapes, output, classes);
    return { ...asRows(graph, shapes, name, classes), classes, output, stripped };
  }
  return undefined;
}

/** The number of scores per image of a value `[N, C, 1…]` or `[N, 1…, C]`; undefined for anything else. */
function classesOf(name: string, shapes: Shapes): number | undefined {
  const shape = shapes.get(name);
  if (!shape || shape.dims.length < 2) return undefined;
  const [, ...rest] = shape.dims;
  if (shape.batchFactor.slice(1).some(Boolean)) return undefined;
  if (shape.batchFactor[0] !== 1 && shape.batchFactor.some(Boolean)) return undefined;
  return rest.filter((dim) => dim !== 1).length <= 1 ? Math.max(...rest) : undefined;
}

function strip(
  graph: Graph,
  shapes: Shapes,
  output: string,
  classes: number,
): Pick<Logits, "name" | "stripped"> {
  const producers = producersOf(graph);
  let name = output;
  for (;;) {
    const node = producers.get(name);
    const [input = ""] = node?.inputs ?? [];
    if (!node || node.domain !== "" || classesOf(input, shapes) !== classes) break;
    const stripped = squashing[node.op];
    if (stripped) return { name: input, stripped };
    if (!lookOnly.has(node.op)) break;
    name = input;
  }
  return { name: output, stripped: "none" };
}

function asRows(graph: Graph, shapes: Shapes, name: string, classes: number) {
  if (shapes.get(name)?.dims.length === 2)
    return { name, shapes, graph: pruned(withOutputs(graph, [name])) };
  const fresh = freshNames(graph);
  const [rows, shape] = [fresh(`${name}/rows`), fresh(`${name}/rows_shape`)];
  const constants = new Map([...graph.constants, [shape, intConstant([-1, classes])]]);
  const nodes = [...graph.nodes, plainNode("Reshape", [name, shape], [rows])];
  const own = shapes.get(name);
  const known = new Map(shapes);
  if (own)
    known.set(rows, {
      type: own.type,
      dims: [own.dims[0] ?? 1, classes],
      batchFactor: [own.batchFactor[0] ?? 0, 0],
    });
  return {
    name: rows,
    shapes: known,
    graph: pruned(withOutputs({ ...graph, constants, nodes }, [rows])),
  };
}

/** A node whose result depends on chance or on the rest of the batch; undefined when there is none. */
export function findTrainingNode(graph: Graph): Node | undefined {
  return graph.nodes.find((node) => {
    if (node.domain !== "") return false;
    if (node.op === "BatchNormalization")
      return (
        intAttribute(node, "training_mode", 0) === 1 || node.outputs.filter(Boolean).length > 1
      );
    if (node.op !== "Dropout") return false;
    const mode = graph.constants.get(node.inputs[2] ?? "");
    return mode !== undefined && numbersOf(mode)[0] === 1;
  });
}
