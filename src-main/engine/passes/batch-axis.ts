import { intAttribute, intsAttribute } from "../onnx/attributes.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";

/**
 * Where each value carries the batch, followed from the input through the graph; values without one are left off. A
 * guess where operators are unusual: whoever rewrites by it must judge the result by running it.
 */
export function findBatchAxes(graph: Graph, shapes: Shapes, image: string): Map<string, number> {
  const axes = new Map([[image, 0]]);
  const dimsOf = (name: string | undefined) => shapes.get(name ?? "")?.dims ?? [];
  for (const node of graph.nodes) {
    const from = node.inputs.findIndex((name) => axes.has(name));
    const axis = axes.get(node.inputs[from] ?? "");
    if (axis === undefined) continue;
    const after = follow(node, from, axis);
    if (after === undefined) continue;
    for (const output of node.outputs)
      if (output && after < dimsOf(output).length) axes.set(output, after);
  }
  return axes;

  function follow(node: Node, from: number, axis: number): number | undefined {
    const [own, out] = [dimsOf(node.inputs[from]), dimsOf(node.outputs[0])];
    const axesOf = () =>
      (intsAttribute(node, "axes") ?? shapes.get(node.inputs[1] ?? "")?.integers ?? []).map((a) =>
        a < 0 ? a + Math.max(own.length, node.op === "Unsqueeze" ? out.length : 0) : a,
      );
    switch (node.op) {
      case "Shape":
      case "Size":
        return undefined;
      case "Transpose": {
        const perm = intsAttribute(node, "perm") ?? own.map((_, i) => own.length - 1 - i);
        return perm.indexOf(axis);
      }
      case "Reshape":
        return from === 0 ? axisAfterReshape(own, axis, out) : undefined;
      case "Flatten":
        return axis < intAttribute(node, "axis", 1) ? 0 : 1;
      case "Squeeze":
        return axis - axesOf().filter((a) => a < axis).length;
      case "Unsqueeze":
        return axesOf()
          .toSorted((a, b) => a - b)
          .reduce((at, a) => (a <= at ? at + 1 : at), axis);
      case "Gather": {
        const along = intAttribute(node, "axis", 0);
        const at = along < 0 ? along + dimsOf(node.inputs[0]).length : along;
        if (from === 1) return at + axis;
        return axis < at ? axis : axis - 1 + dimsOf(node.inputs[1]).length;
      }
      case "Gemm":
        return 0;
      case "ArgMax":
      case "ArgMin": {
        const along = intAttribute(node, "axis", 0);
        const at = along < 0 ? along + own.length : along;
        return intAttribute(node, "keepdims", 1) === 0 && at < axis ? axis - 1 : axis;
      }
      default:
        break;
    }
    if (node.op.startsWith("Reduce") && intAttribute(node, "keepdims", 1) === 0)
      return axis - axesOf().filter((a) => a < axis).length;
    return axis + Math.max(0, out.length - own.length); // broadcasting aligns at the right
  }
}

/** The batch keeps its place in memory order: the entry that as many elements stand before. */
function axisAfterReshape(
  own: readonly number[],
  axis: number,
  out: readonly number[],
): number | undefined {
  const before = product(own.slice(0, axis));
  const found = out.findIndex((_, i) => product(out.slice(0, i)) === before);
  return found < 0 ? undefined : found;
}

function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1);
}
