import { isRecord } from "./model-files.ts";

type Fields = Record<string, unknown>;
/** What to do with a number: `x · scale + offset`. */
type Rescale = (number: number) => readonly [scale: number, offset: number];

/** Operations by their names in Keras 3, and by the functions that Keras 2 calls. */
const operations: Readonly<
  Record<string, { readonly layer: string | null; readonly rescale: Rescale }>
> = {
  Multiply: { layer: "Multiply", rescale: (number) => [number, 0] },
  Add: { layer: "Add", rescale: (number) => [1, number] },
  Subtract: { layer: "Subtract", rescale: (number) => [1, -number] },
  TrueDivide: { layer: null, rescale: (number) => [1 / number, 0] },
  Divide: { layer: null, rescale: (number) => [1 / number, 0] },
};
const functions: Readonly<Record<string, string>> = {
  "math.multiply": "Multiply",
  multiply: "Multiply",
  "__operators__.add": "Add",
  "math.add": "Add",
  add: "Add",
  "math.subtract": "Subtract",
  "math.truediv": "TrueDivide",
  "math.divide": "TrueDivide",
};

/**
 * Arithmetic written as a step of its own (`x * (1/6)` in MobileNetV3, `x / 255`): with a number it is a Rescaling, with
 * another value the layer that does it. Null for every other layer.
 */
export function asRescaling(value: Fields): Fields | null {
  const { class_name: kind, config, name, inbound_nodes: nodes } = value;
  if (typeof kind !== "string" || !isRecord(config) || !Array.isArray(nodes)) return null;
  const isFunction = kind === "TFOpLambda";
  const operation = isFunction ? functions[String(config["function"])] : kind;
  const known = operations[operation ?? ""];
  if (!known) return null;
  const calls = nodes.map((node: unknown) => (isFunction ? oldCall(node) : newCall(node)));
  if (!calls.every((call) => call !== null)) return null;
  const [first] = calls;
  if (!first) return null;
  const own = { name, config: { name: config["name"] ?? name } };
  const inbound = calls.map(({ tensors }) => tensors);
  if (first.number === null) {
    if (!isFunction || known.layer === null) return null; // already the layer itself
    return { ...own, class_name: known.layer, inbound_nodes: inbound };
  }
  const [scale, offset] = known.rescale(first.number);
  const rescaling = { ...own.config, scale, offset };
  return { ...own, class_name: "Rescaling", config: rescaling, inbound_nodes: inbound };
}

interface Call {
  /** `[layer, node, tensor, {}]` each. */
  readonly tensors: readonly unknown[];
  readonly number: number | null;
}

/** Keras 3: `args` of one tensor and one number, in that order. */
function newCall(node: unknown): Call | null {
  const args = isRecord(node) ? node["args"] : undefined;
  if (!Array.isArray(args) || args.length !== 2) return null;
  const [tensor, number] = args as unknown[]; // seen to be an array
  if (typeof number !== "number" || !isRecord(tensor) || !isRecord(tensor["config"])) return null;
  const history = tensor["config"]["keras_history"];
  return Array.isArray(history) ? { tensors: [[...(history as unknown[]), {}]], number } : null;
}

/** Keras 2: `[layer, node, tensor, {y: number or [layer, node, tensor]}]`. */
function oldCall(node: unknown): Call | null {
  const [call] = Array.isArray(node) ? (Array.isArray(node[0]) ? node : [node]) : [];
  if (!Array.isArray(call) || call.length < 4 || !isRecord(call[3])) return null;
  const [layer, at, tensor, { y }] = call as [unknown, unknown, unknown, Fields];
  const own = [layer, at, tensor, {}];
  if (typeof y === "number") return { tensors: [own], number: y };
  return Array.isArray(y) ? { tensors: [own, [...(y as unknown[]), {}]], number: null } : null;
}
