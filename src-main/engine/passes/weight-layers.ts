import type {
  WeightChanges,
  WeightLayer,
  WeightRole,
  WeightTensor,
} from "../../../shared/domain/weights.ts";
import { intAttribute } from "../onnx/attributes.ts";
import { countOf, floatConstant, floatsOf, numbersOf } from "../onnx/constant.ts";
import type { Constant, Graph, Node } from "../onnx/graph.ts";
import { producersOf } from "../onnx/walk.ts";

/** Inputs that hold weights, by operator. */
const slots: Readonly<Record<string, readonly (readonly [input: number, role: WeightRole])[]>> = {
  Conv: [
    [1, "kernel"],
    [2, "bias"],
  ],
  ConvTranspose: [
    [1, "kernel"],
    [2, "bias"],
  ],
  Gemm: [
    [0, "kernel"],
    [1, "kernel"],
    [2, "bias"],
  ],
  MatMul: [
    [0, "kernel"],
    [1, "kernel"],
  ],
  BatchNormalization: [
    [1, "statistic"],
    [2, "statistic"],
    [3, "statistic"],
    [4, "statistic"],
  ],
};

/**
 * Every layer with weights, from the output to the input. Weights are constants, or constants behind a DequantizeLinear; a
 * tensor that two layers share belongs to the one nearer to the output.
 */
export function findWeightLayers(graph: Graph): readonly WeightLayer[] {
  const producers = producersOf(graph);
  const taken = new Set<string>();
  const layers: WeightLayer[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (node.domain !== "") continue;
    const tensors = (slots[node.op] ?? []).flatMap(([slot, role]): WeightTensor[] => {
      const name = node.inputs[slot] ?? "";
      const found = name === "" || taken.has(name) ? null : weightOf(graph, producers, name);
      if (!found) return [];
      taken.add(name);
      return [{ name, role, ...found }];
    });
    if (tensors.length > 0) layers.push({ name: node.name, op: node.op, tensors });
  }
  return layers;
}

/** A layer whose weights are in no form that can be replaced; null where there is none. */
export function findFixedWeights(graph: Graph): Node | null {
  const isFused = ({ domain, op }: Node) => domain !== "" || integer.has(op);
  const holdsMany = (name: string) => {
    const constant = graph.constants.get(name);
    return constant !== undefined && constant.dims.length > 1 && countOf(constant.dims) > 1;
  };
  return graph.nodes.find((node) => isFused(node) && node.inputs.some(holdsMany)) ?? null;
}

const integer = new Set(["ConvInteger", "MatMulInteger", "QLinearConv", "QLinearMatMul"]);

/** The graph with other weights under the same names; a dequantised one becomes float32 itself. */
export function replaceWeights(graph: Graph, changes: WeightChanges): Graph {
  if (changes.size === 0) return graph;
  const producers = producersOf(graph);
  const constants = new Map(graph.constants);
  for (const [name, values] of changes) {
    const weight = weightOf(graph, producers, name);
    if (!weight || countOf(weight.dims) !== values.length)
      throw new RangeError(`"${name}" is no weight of ${values.length} values`);
    constants.set(name, floatConstant(values, weight.dims));
  }
  const nodes = graph.nodes.filter(({ outputs }) => !outputs.some((name) => changes.has(name)));
  return { ...graph, nodes, constants };
}

type Found = Pick<WeightTensor, "dims" | "values">;

function weightOf(graph: Graph, producers: ReadonlyMap<string, Node>, name: string): Found | null {
  const constant = graph.constants.get(name);
  if (constant)
    return constant.type === "f32"
      ? { dims: constant.dims, values: () => floatsOf(constant) }
      : null;
  const maker = producers.get(name);
  if (maker?.op !== "DequantizeLinear") return null;
  const [whole, scale, zeroPoint] = maker.inputs.map((input) => graph.constants.get(input));
  if (!whole || !scale) return null;
  const axis = intAttribute(maker, "axis", 1);
  return { dims: whole.dims, values: () => dequantised(whole, scale, zeroPoint, axis) };
}

/** `(q − zero point) · scale`, per tensor or along one axis. */
function dequantised(
  whole: Constant,
  scale: Constant,
  zeroPoint: Constant | undefined,
  axis: number,
): Float32Array {
  const scales = floatsOf(scale);
  const zeros = zeroPoint ? numbersOf(zeroPoint) : [];
  const { dims } = whole;
  const at = axis < 0 ? axis + dims.length : axis;
  const inner = countOf(dims.slice(at + 1));
  return Float32Array.from(numbersOf(whole), (value, i) => {
    const channel = scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length;
    return (value - (zeros[channel] ?? 0)) * scales[channel];
  });
}
