import { countOf, numbersOf } from "../onnx/constant.ts";
import { evaluateOnce, type Evaluate } from "../onnx/evaluation.ts";
import type { Graph, Node } from "../onnx/graph.ts";
import { makesOf, pruned, readsOf, withOutputs } from "../onnx/walk.ts";
import { inlineConstantIfs } from "./normalise.ts";

/** Random operators give another value each time; a dequantised weight must stay, or the runtime's integer kernels go. */
const unfoldable = new Set([
  "RandomNormal",
  "RandomUniform",
  "RandomNormalLike",
  "RandomUniformLike",
  "Bernoulli",
  "Multinomial",
  "DequantizeLinear",
  "QuantizeLinear",
]);

/** Weights that a node makes out of next to nothing (ConstantOfShape) stay nodes when they are larger than this. */
const largestBytes = 4 * 2 ** 20;

/**
 * What does not depend on the input is evaluated by the runtime, in one session, so that axes, pads and sizes are
 * numbers to read. Ifs on a constant give way to the branch they take.
 */
export async function fold(graph: Graph, evaluate: Evaluate): Promise<Graph> {
  const folded = await foldOnce(graph, evaluate);
  const flat = inlineConstantIfs(folded);
  return flat ? fold(flat, evaluate) : pruned(folded);
}

async function foldOnce(graph: Graph, evaluate: Evaluate): Promise<Graph> {
  const known = new Set(graph.constants.keys());
  const foldable: Node[] = [];
  for (const node of graph.nodes) {
    if (!isFoldable(node, known) || isLarge(node, graph)) continue;
    foldable.push(node);
    for (const name of makesOf(node)) known.add(name);
  }
  if (foldable.length === 0) return graph;
  const gone = new Set(foldable);
  const left = graph.nodes.filter((node) => !gone.has(node));
  const read = new Set([
    ...left.flatMap((node) => readsOf(node)),
    ...graph.outputs.map(({ name }) => name),
  ]);
  const wanted = foldable.flatMap(makesOf).filter((name) => read.has(name));
  const values = await evaluateOnce(
    evaluate,
    pruned(withOutputs({ ...graph, inputs: [], nodes: foldable }, wanted)),
  );
  return { ...graph, nodes: left, constants: new Map([...graph.constants, ...values]) };
}

function isFoldable(node: Node, known: ReadonlySet<string>): boolean {
  if (unfoldable.has(node.op) || node.domain !== "") return false;
  return readsOf(node).every((name) => known.has(name));
}

function isLarge(node: Node, graph: Graph): boolean {
  return filledValues(node, graph) * 4 > largestBytes;
}

/** A node that fills in more values than `most`, by constants of its own: nothing should load it. */
export function findTooLarge(graph: Graph, most: number): Node | undefined {
  return graph.nodes.find((node) => filledValues(node, graph) > most);
}

/** How many values a node makes out of a shape; 0 where it does not, or the shape is not known. */
function filledValues(node: Node, graph: Graph): number {
  if (node.op !== "ConstantOfShape" && node.op !== "Expand") return 0;
  const shape = graph.constants.get(node.inputs[node.op === "Expand" ? 1 : 0] ?? "");
  return shape ? countOf(numbersOf(shape)) : 0;
}
