import { intAttribute } from "../onnx/attributes.ts";
import { countOf, floatConstant, floatsOf } from "../onnx/constant.ts";
import type { Node } from "../onnx/graph.ts";
import type { Defuse, Defusing } from "./defusing.ts";

/**
 * Quantised operators as DequantizeLinear → float operator → QuantizeLinear. At level `all` the runtime makes its integer
 * kernels of them again and logits equal the original's.
 */
export const quantised: Readonly<Record<string, Defuse>> = {
  ":QLinearConv"(node, defusing) {
    const [x = "", xs = "", xz = "", w = "", ws = "", wz = "", ys = "", yz = "", bias] =
      node.inputs;
    const axis = perChannel(defusing, ws);
    const inputs = [defusing.dequantise(x, xs, xz), defusing.dequantise(w, ws, wz, axis)];
    if (bias) inputs.push(biasOf(defusing, bias, xs, ws));
    write(node, defusing, defusing.emit("Conv", inputs, plainAttributes(node)), ys, yz);
  },
  "com.microsoft:QGemm"(node, defusing) {
    const [a = "", as = "", az = "", b = "", bs = "", bz = "", c, ys = "", yz = ""] = node.inputs;
    if (!ys || perChannel(defusing, bs) !== undefined) defusing.leave();
    const inputs = [defusing.dequantise(a, as, az), defusing.dequantise(b, bs, bz)];
    if (c) inputs.push(biasOf(defusing, c, as, bs));
    write(node, defusing, defusing.emit("Gemm", inputs, plainAttributes(node)), ys, yz);
  },
  ":QLinearMatMul": binary("MatMul"),
  "com.microsoft:QLinearMatMul": binary("MatMul"),
  "com.microsoft:QLinearAdd": binary("Add"),
  "com.microsoft:QLinearMul": binary("Mul"),
  "com.microsoft:QLinearGlobalAveragePool": unary("GlobalAveragePool"),
  "com.microsoft:QLinearAveragePool": unary("AveragePool"),
  "com.microsoft:QLinearSigmoid": unary("Sigmoid"),
  "com.microsoft:QLinearLeakyRelu": unary("LeakyRelu"),
  "com.microsoft:QLinearConcat"(node, defusing) {
    const [ys = "", yz = "", ...parts] = node.inputs;
    const values: string[] = [];
    for (let i = 0; i + 2 < parts.length; i += 3)
      values.push(defusing.dequantise(parts[i] ?? "", parts[i + 1] ?? "", parts[i + 2] ?? ""));
    write(node, defusing, defusing.emit("Concat", values, plainAttributes(node)), ys, yz);
  },
};

function binary(op: string): Defuse {
  return (node, defusing) => {
    const [a = "", as = "", az = "", b = "", bs = "", bz = "", ys = "", yz = ""] = node.inputs;
    if (perChannel(defusing, bs) !== undefined) defusing.leave();
    const inputs = [defusing.dequantise(a, as, az), defusing.dequantise(b, bs, bz)];
    write(node, defusing, defusing.emit(op, inputs), ys, yz);
  };
}

function unary(op: string): Defuse {
  return (node, defusing) => {
    const [x = "", xs = "", xz = "", ys = "", yz = ""] = node.inputs;
    if (intAttribute(node, "channels_last", 0) !== 0) defusing.leave();
    const attributes = plainAttributes(node);
    write(node, defusing, defusing.emit(op, [defusing.dequantise(x, xs, xz)], attributes), ys, yz);
  };
}

function write(node: Node, defusing: Defusing, value: string, scale: string, zeroPoint: string) {
  const inputs = zeroPoint ? [value, scale, zeroPoint] : [value, scale];
  defusing.emit("QuantizeLinear", inputs, {}, node.outputs[0]);
}

/** Weights with one scale per output channel are dequantised along axis 0. */
function perChannel(defusing: Defusing, scale: string): number | undefined {
  const known = defusing.constantOf(scale);
  return known && countOf(known.dims) > 1 ? 0 : undefined;
}

/** The bias is int32, in units of the input's scale times the weight's. */
function biasOf(defusing: Defusing, bias: string, xs: string, ws: string): string {
  const [x, w] = [defusing.constantOf(xs), defusing.constantOf(ws)];
  if (!x || !w) return defusing.leave();
  const own = floatsOf(x)[0] ?? 1;
  const scales = Float32Array.from(floatsOf(w), (scale) => Math.fround(scale * own));
  const dims = w.dims.length === 0 || countOf(w.dims) === 1 ? [] : w.dims;
  const scale = defusing.add(`${bias}/scale`, floatConstant(scales, dims));
  return defusing.dequantise(bias, scale, "", dims.length ? 0 : undefined);
}

/** The attributes that the float operator has too. */
function plainAttributes(node: Node) {
  const kept: Record<string, number | string | readonly number[] | { readonly float: number }> = {};
  for (const [key, attribute] of Object.entries(node.attributes)) {
    if (key === "channels_last") continue;
    if (attribute.kind === "int" || attribute.kind === "string" || attribute.kind === "ints")
      kept[key] = attribute.value;
    else if (attribute.kind === "float") kept[key] = { float: attribute.value };
  }
  return kept;
}
