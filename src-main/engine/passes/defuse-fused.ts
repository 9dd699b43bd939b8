import {
  floatAttribute,
  floatsAttribute,
  intAttribute,
  stringAttribute,
} from "../onnx/attributes.ts";
import type { Node } from "../onnx/graph.ts";
import type { Defuse, Defusing } from "./defusing.ts";

/** Operators that the runtime fuses when it saves an optimised model, as the plain ones they came from. */
export const fused: Readonly<Record<string, Defuse>> = {
  "com.microsoft:FusedConv"(node, defusing) {
    const [x = "", w = "", b = "", z] = node.inputs;
    const result = defusing.emit("Conv", b ? [x, w, b] : [x, w], kept(node, /^activation/));
    const sum = z ? defusing.emit("Add", [result, z]) : result;
    const [alpha, beta] = floatsAttribute(node, "activation_params") ?? [];
    activate(node, defusing, sum, alpha, beta);
  },
  "com.microsoft:FusedGemm"(node, defusing) {
    const result = defusing.emit("Gemm", node.inputs.filter(Boolean), kept(node, /^activation/));
    const [alpha, beta] = ["alpha", "beta"].map((key) => {
      const value = node.attributes[`activation_${key}`];
      return value?.kind === "float" ? value.value : undefined;
    });
    activate(node, defusing, result, alpha, beta);
  },
  "com.microsoft:FusedMatMul"(node, defusing) {
    if (intAttribute(node, "transBatchA", 0) || intAttribute(node, "transBatchB", 0))
      defusing.leave();
    const [a = "", b = ""] = node.inputs;
    const product = defusing.emit("MatMul", [
      intAttribute(node, "transA", 0) ? swapLast(defusing, a) : a,
      intAttribute(node, "transB", 0) ? swapLast(defusing, b) : b,
    ]);
    const alpha = floatAttribute(node, "alpha", 1);
    defusing.emit("Mul", [product, { float: alpha }], {}, node.outputs[0]);
  },
  "com.microsoft:BiasGelu"(node, defusing) {
    const [x = "", bias = ""] = node.inputs;
    gelu(defusing, defusing.emit("Add", [x, bias]), node.outputs[0]);
  },
  "com.microsoft:Gelu"(node, defusing) {
    gelu(defusing, node.inputs[0] ?? "", node.outputs[0]);
  },
  "com.microsoft:FastGelu"(node, defusing) {
    const [x = "", bias] = node.inputs;
    tanhGelu(defusing, bias ? defusing.emit("Add", [x, bias]) : x, node.outputs[0]);
  },
  "com.microsoft:QuickGelu"(node, defusing) {
    const [x = ""] = node.inputs;
    const alpha = floatAttribute(node, "alpha", 1.702);
    const gate = defusing.emit("Sigmoid", [defusing.emit("Mul", [x, { float: alpha }])]);
    defusing.emit("Mul", [x, gate], {}, node.outputs[0]);
  },
  "com.microsoft:SkipLayerNormalization"(node, defusing) {
    const [x = "", skip = "", gamma = "", beta, bias] = node.inputs;
    const sum = sumOf(node, defusing, x, skip, bias);
    const inputs = beta ? [sum, gamma, beta] : [sum, gamma];
    const epsilon = { float: floatAttribute(node, "epsilon", 1e-12) };
    defusing.emit("LayerNormalization", inputs, { axis: -1, epsilon }, node.outputs[0]);
  },
  "com.microsoft:SkipSimplifiedLayerNormalization"(node, defusing) {
    const [x = "", skip = "", gamma = "", bias] = node.inputs;
    const sum = sumOf(node, defusing, x, skip, bias);
    const square = defusing.emit("Mul", [sum, sum]);
    const mean = defusing.emit("ReduceMean", [square, [-1]], { keepdims: 1 });
    const epsilon = { float: floatAttribute(node, "epsilon", 1e-12) };
    const root = defusing.emit("Sqrt", [defusing.emit("Add", [mean, epsilon])]);
    defusing.emit("Mul", [defusing.emit("Div", [sum, root]), gamma], {}, node.outputs[0]);
  },
};

/** Input + skip + bias; the fourth output is that sum. */
function sumOf(
  node: Node,
  defusing: Defusing,
  x: string,
  skip: string,
  bias: string | undefined,
): string {
  if (node.outputs[1] || node.outputs[2]) defusing.leave();
  const sum = node.outputs[3] || undefined;
  if (!bias) return defusing.emit("Add", [x, skip], {}, sum);
  return defusing.emit("Add", [defusing.emit("Add", [x, skip]), bias], {}, sum);
}

function activate(
  node: Node,
  defusing: Defusing,
  value: string,
  alpha: number | undefined,
  beta: number | undefined,
): void {
  const kind = stringAttribute(node, "activation", "");
  const [output] = node.outputs;
  if (kind === "Clip") {
    const bounds = [{ float: alpha ?? -Infinity }, { float: beta ?? Infinity }];
    defusing.emit("Clip", [value, ...bounds], {}, output);
  } else if (kind === "LeakyRelu")
    defusing.emit("LeakyRelu", [value], { alpha: { float: alpha ?? 0.01 } }, output);
  else if (kind === "HardSigmoid") {
    const parameters = { alpha: { float: alpha ?? 0.2 }, beta: { float: beta ?? 0.5 } };
    defusing.emit("HardSigmoid", [value], parameters, output);
  } else if (kind === "Relu" || kind === "Sigmoid" || kind === "Tanh")
    defusing.emit(kind, [value], {}, output);
  else defusing.leave();
}

/** `x·Φ(x)`, in the words that exporters use and the runtime fuses again. */
function gelu(defusing: Defusing, x: string, output: string | undefined): void {
  const scaled = defusing.emit("Div", [x, { float: Math.SQRT2 }]);
  const erf = defusing.emit("Erf", [scaled]);
  const gate = defusing.emit("Add", [erf, { float: 1 }]);
  defusing.emit("Mul", [defusing.emit("Mul", [x, gate]), { float: 0.5 }], {}, output);
}

/** `x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))` */
function tanhGelu(defusing: Defusing, x: string, output: string | undefined): void {
  const square = defusing.emit("Mul", [x, x]);
  const cube = defusing.emit("Mul", [defusing.emit("Mul", [square, x]), { float: 0.044715 }]);
  const inner = defusing.emit("Mul", [
    defusing.emit("Add", [x, cube]),
    { float: Math.sqrt(2 / Math.PI) },
  ]);
  const gate = defusing.emit("Add", [defusing.emit("Tanh", [inner]), { float: 1 }]);
  defusing.emit("Mul", [defusing.emit("Mul", [x, gate]), { float: 0.5 }], {}, output);
}

/** Only weights have a rank that is known here. */
function swapLast(defusing: Defusing, value: string): string {
  const rank = defusing.constantOf(value)?.dims.length;
  if (rank === undefined) return defusing.leave();
  const perm = Array.from({ length: rank }, (_, i) => i);
  perm.push(...perm.splice(-2).toReversed());
  return defusing.emit("Transpose", [value], { perm });
}

function kept(node: Node, left: RegExp) {
  const attributes: Record<
    string,
    number | string | readonly number[] | { readonly float: number }
  > = {};
  for (const [key, attribute] of Object.entries(node.attributes)) {
    if (left.test(key)) continue;
    if (attribute.kind === "int" || attribute.kind === "string" || attribute.kind === "ints")
      attributes[key] = attribute.value;
    else if (attribute.kind === "float") attributes[key] = { float: attribute.value };
  }
  return attributes;
}
