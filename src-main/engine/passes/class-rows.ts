import type { Tensor } from "../../../shared/domain/tensor.ts";
import { intAttribute } from "../onnx/attributes.ts";
import { floatsOf } from "../onnx/constant.ts";
import type { Graph, Shapes } from "../onnx/graph.ts";
import { producersOf } from "../onnx/walk.ts";

/** What lies between a classifier's last matrix and its logits without mixing classes. */
const passing = new Set(
  "Identity Reshape Flatten Squeeze Cast Dropout Relu GlobalAveragePool AveragePool ReduceMean".split(
    " ",
  ),
);
const mostSteps = 12;

/**
 * The rows `[C,D]` of the last matrix before the logits, one per class: what the classifier holds of each. Null where the last
 * layer is none (a product of activations, weights that are computed, a normalisation in between).
 */
export function findClassRows(
  graph: Graph,
  shapes: Shapes,
  logits: string,
  classes: number,
): Tensor | null {
  const producers = producersOf(graph);
  let name = logits;
  for (let i = 0; i < mostSteps; i++) {
    const node = producers.get(name);
    if (!node) return null;
    const [first = "", second = ""] = node.inputs;
    if (passing.has(node.op)) name = first;
    else if (node.op === "Add" || node.op === "Mul" || node.op === "Div") {
      const [kept, other] = graph.constants.has(first) ? [second, first] : [first, second];
      // One number for all classes turns no row; one each does, unless it is only added.
      const isOne = (shapes.get(other)?.dims ?? []).every((dim) => dim === 1);
      if (!graph.constants.has(other) || (node.op !== "Add" && !isOne)) return null;
      name = kept;
    } else if (node.op === "MatMul") return rowsOf(second, "down");
    else if (node.op === "Gemm")
      return rowsOf(second, intAttribute(node, "transB", 0) === 1 ? "across" : "down");
    else if (node.op === "Conv")
      return intAttribute(node, "group", 1) === 1 ? rowsOf(second, "across") : null;
    else return null;
  }
  return null;

  /** `across`: a row per class as stored. `down`: a column per class. */
  function rowsOf(weight: string, way: "across" | "down"): Tensor | null {
    const constant = graph.constants.get(weight);
    if (!constant || constant.type !== "f32") return null;
    const data = floatsOf(constant);
    const d = data.length / classes;
    if (way === "across") return constant.dims[0] === classes ? { dims: [classes, d], data } : null;
    if (constant.dims.length !== 2 || constant.dims[1] !== classes) return null;
    const turned = new Float32Array(data.length);
    for (let i = 0; i < d; i++)
      for (let c = 0; c < classes; c++) turned[c * d + i] = data[i * classes + c] ?? 0;
    return { dims: [classes, d], data: turned };
  }
}
