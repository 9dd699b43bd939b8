import type { VertexGraph } from "../../../shared/domain/structure.ts";
import { intAttribute } from "../onnx/attributes.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { consumersOf, producersOf, readsOf } from "../onnx/walk.ts";

/** Nodes between the product of a tensor with itself and the choice of the nearest. */
const measuring = new Set(
  "Neg Add Sub Mul Div Sqrt Pow Exp Clip Relu Max Min Identity Cast Reshape Squeeze Unsqueeze Transpose".split(
    " ",
  ),
);
/** What only turns or relabels the dims of a value. */
const turning = new Set("Transpose Reshape Squeeze Unsqueeze Identity Cast Flatten".split(" "));
/** What indices pass on their way to a Gather. */
const carrying = new Set([...turning, ..."Concat Slice Gather Add Expand Tile Split".split(" ")]);
const mostSteps = 60;

/**
 * The neighbourhoods that a vision graph network builds of its own grid, block by block, found by structure: a TopK over the
 * product of a tensor with its own transpose (a cosine, or the middle of a squared distance), whose indices reach a Gather.
 * Dilation is a Slice of those indices. Where the candidates are another grid than the vertices, there is no such graph.
 */
export function findVertexGraphs(graph: Graph, shapes: Shapes): VertexGraph[] {
  const choices = graph.nodes.filter(({ op }) => op === "TopK");
  if (choices.length === 0) return [];
  const producers = producersOf(graph);
  const consumers = consumersOf(graph);
  return choices.flatMap((node) => {
    const measured = shapes.get(node.inputs[0] ?? "");
    const [, indices = ""] = node.outputs;
    const listed = shapes.get(indices)?.dims ?? [];
    if (measured?.dims.length !== 3 || listed.length !== 3) return [];
    const [, vertices = 0, candidates] = measured.dims;
    if (vertices !== candidates || measured.batchFactor.slice(1).some(Boolean)) return [];
    const axis = intAttribute(node, "axis", -1);
    if (axis !== -1 && axis !== 2) return [];
    if (!comesFromOwnProduct(node.inputs[0] ?? "")) return [];
    const kept = keptOnTheWay(indices, listed[2] ?? 0);
    return kept ? [{ indices, vertices, kept }] : [];
  });

  function comesFromOwnProduct(name: string): boolean {
    const open = [name];
    for (let i = 0; i < open.length && i < mostSteps; i++) {
      const node = producers.get(open[i] ?? "");
      if (!node) continue;
      if (node.op === "MatMul" || node.op === "Einsum") {
        const [a = "", b = ""] = node.inputs;
        return node.inputs.length === 2 && behindTurns(a) === behindTurns(b);
      }
      if (measuring.has(node.op)) open.push(...readsOf(node));
    }
    return false;
  }

  /** The value behind nodes that only turn it. */
  function behindTurns(name: string): string {
    let current = name;
    for (let node = producers.get(current); node && turning.has(node.op);)
      node = producers.get((current = node.inputs[0] ?? ""));
    return current;
  }

  /** Which of the `count` chosen are left when they are gathered by; null where they never are. */
  function keptOnTheWay(indices: string, count: number): readonly number[] | null {
    const open = [{ name: indices, kept: [...Array(count).keys()] }];
    for (let i = 0; i < open.length && i < mostSteps; i++) {
      const { name, kept } = open[i] ?? { name: "", kept: [] };
      for (const node of consumers.get(name) ?? []) {
        const isIndex = /^Gather/.test(node.op) && node.inputs[1] === name;
        if (isIndex && shapes.get(node.inputs[0] ?? "")?.type === "f32") return kept;
        if (!carrying.has(node.op)) continue;
        const left = node.op === "Slice" ? sliced(node, kept) : kept;
        open.push(...node.outputs.map((output) => ({ name: output, kept: left })));
      }
    }
    return null;
  }

  /** The chosen that a Slice along the last axis leaves. */
  function sliced(node: Node, kept: readonly number[]): number[] {
    const dims = shapes.get(node.inputs[0] ?? "")?.dims ?? [];
    const integers = (at: number) => shapes.get(node.inputs[at] ?? "")?.integers;
    const starts = integers(1) ?? [];
    const axes = integers(3) ?? starts.map((_, axis) => axis);
    const at = axes.findIndex((axis) => axis === -1 || axis === dims.length - 1);
    const [start, end, step] = [starts[at], integers(2)?.[at], integers(4)?.[at] ?? 1];
    if (start === undefined || end === undefined || step < 1 || dims.at(-1) !== kept.length)
      return [...kept];
    return kept.slice(start, end).filter((_, i) => i % step === 0);
  }
}
