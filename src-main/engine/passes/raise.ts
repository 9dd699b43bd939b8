import {
  attributesFrom,
  floatAttribute,
  floatsAttribute,
  intAttribute,
  intsAttribute,
} from "../onnx/attributes.ts";
import { floatConstant, intConstant, keyOf } from "../onnx/constant.ts";
import type { Attribute, Constant, Graph, Node } from "../onnx/graph.ts";
import { freshNames, plainNode } from "../onnx/walk.ts";

/** The opset that gradient rules are written for: one form per operator instead of two or three. */
export const raisedOpset = 18;

/** What a rewrite may use. */
interface Raising {
  readonly opset: number;
  /** A name no one else has. */
  fresh(wish: string): string;
  constant(wish: string, value: Constant): string;
  refuse(node: Node, why: string): never;
}

type Rewrite = (node: Node, raising: Raising) => readonly Node[];

/** Why a node cannot be raised: the caller names the model. */
export class CannotRaise extends Error {
  readonly node: Node;

  constructor(node: Node, why: string) {
    super(why);
    this.node = node;
  }
}

/**
 * The model in the words of opset 18, where it is older. What changed in between: attributes that became inputs, the
 * default axis of Softmax, what Upsample was called. Halves are widened before, so every bound is float32.
 */
export function raise(graph: Graph): Graph {
  if (graph.opset >= raisedOpset) return graph;
  const constants = new Map(graph.constants);
  const fresh = freshNames(graph);
  const shared = new Map<string, string>();
  const raising: Raising = {
    opset: graph.opset,
    fresh,
    constant(wish, value) {
      const key = keyOf(value);
      const name = shared.get(key) ?? fresh(wish);
      shared.set(key, name);
      constants.set(name, value);
      return name;
    },
    refuse(node, why) {
      throw new CannotRaise(node, why);
    },
  };
  const nodes = graph.nodes.flatMap((node) => raiseNode(node, raising));
  return {
    ...graph,
    opset: raisedOpset,
    irVersion: Math.max(8, graph.irVersion),
    constants,
    nodes,
  };
}

function raiseNode(node: Node, raising: Raising): readonly Node[] {
  if (node.domain !== "") return [node];
  const attributes = Object.entries(node.attributes).map(([key, value]) => [
    key,
    value.kind === "graph"
      ? ({ kind: "graph", value: raiseBody(value.value, raising) } satisfies Attribute)
      : value,
  ]);
  const deep: Node = { ...node, attributes: Object.fromEntries(attributes) as Node["attributes"] }; // values as above
  const rewrite = rewrites[node.op];
  return rewrite ? rewrite(deep, raising) : [deep];
}

function raiseBody(graph: Graph, raising: Raising): Graph {
  return { ...graph, nodes: graph.nodes.flatMap((node) => raiseNode(node, raising)) };
}

const arithmetic: Rewrite = (node, { opset, refuse }) =>
  opset < 7 && (node.attributes.broadcast || node.attributes.axis)
    ? refuse(node, "it broadcasts in the way of opset 6")
    : [node];

const softmax: Rewrite = (node, { opset, fresh }) => {
  if (opset >= 13) return [node];
  // Below 13 the default axis was 1, and all dims from it on were normalised together.
  const axis = intAttribute(node, "axis", 1);
  const [input = "", output = ""] = [node.inputs[0], node.outputs[0]];
  const [flat, result, shape] = ["flat", "of_flat", "shape"].map((what) =>
    fresh(`${output}/${what}`),
  ) as [string, string, string]; // three names in, three out
  return [
    plainNode("Flatten", [input], [flat], attributesFrom({ axis })),
    { ...node, inputs: [flat], outputs: [result], attributes: attributesFrom({ axis: -1 }) },
    plainNode("Shape", [input], [shape]),
    plainNode("Reshape", [result, shape], [output]),
  ];
};

/** An attribute of integers becomes input `at`; `since` is the opset in which it did. */
function intsToInput(key: string, at: number, since: number): Rewrite {
  return (node, { opset, constant }) => {
    const values = intsAttribute(node, key);
    if (opset >= since || !values) return [node];
    const name = constant(`${node.outputs[0]}/${key}`, intConstant(values));
    return [{ ...without(node, key), inputs: withInput(node.inputs, at, name) }];
  };
}

const reduce = intsToInput("axes", 1, 18);
const squeeze = intsToInput("axes", 1, 13);

const resize: Rewrite = (node, { opset, constant, fresh }) => {
  if (opset > 10) return [node];
  const output = node.outputs[0] ?? "";
  const scales = floatsAttribute(node, "scales");
  const name = scales
    ? constant(`${output}/scales`, floatConstant(scales))
    : (node.inputs[1] ?? fresh(`${output}/scales`));
  const mode = node.attributes.mode ?? { kind: "string", value: "nearest" };
  const attributes = {
    ...attributesFrom({ coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" }),
    mode: mode.kind === "string" && mode.value === "bilinear" ? linear : mode,
  };
  return [{ ...node, op: "Resize", inputs: [node.inputs[0] ?? "", "", name], attributes }];
};
const linear: Attribute = { kind: "string", value: "linear" };

const rewrites: Readonly<Record<string, Rewrite>> = {
  Add: arithmetic,
  Sub: arithmetic,
  Mul: arithmetic,
  Div: arithmetic,
  Pow: arithmetic,
  Softmax: softmax,
  LogSoftmax: softmax,
  Hardmax: softmax,
  Squeeze: squeeze,
  Unsqueeze: squeeze,
  ReduceSum: squeeze,
  ReduceMean: reduce,
  ReduceMax: reduce,
  ReduceMin: reduce,
  ReduceProd: reduce,
  ReduceL1: reduce,
  ReduceL2: reduce,
  ReduceLogSum: reduce,
  ReduceLogSumExp: reduce,
  ReduceSumSquare: reduce,
  Upsample: resize,
  Resize: resize,
  BatchNormalization(node, { opset, refuse }) {
    if (opset >= 9) return [node];
    if (intAttribute(node, "spatial", 1) === 0) refuse(node, "it normalises every position apart");
    const outputs = node.outputs.slice(0, 1);
    return [{ ...without(node, "is_test", "spatial", "consumed_inputs"), outputs }];
  },
  ImageScaler(node, { constant, fresh }) {
    const bias = floatsAttribute(node, "bias") ?? [];
    const output = node.outputs[0] ?? "";
    const scaled = fresh(`${output}/scaled`);
    const scale = constant(
      `${output}/scale`,
      floatConstant([floatAttribute(node, "scale", 1)], []),
    );
    const shift = constant(`${output}/bias`, floatConstant(bias, [1, bias.length, 1, 1]));
    return [
      plainNode("Mul", [node.inputs[0] ?? "", scale], [scaled]),
      plainNode("Add", [scaled, shift], [output]),
    ];
  },
  Slice(node, { opset, constant }) {
    const [starts, ends] = [intsAttribute(node, "starts"), intsAttribute(node, "ends")];
    if (opset >= 10 || !starts || !ends) return [node];
    const axes = intsAttribute(node, "axes") ?? starts.map((_, i) => i);
    const names = Object.entries({ starts, ends, axes }).map(([key, values]) =>
      constant(`${node.outputs[0]}/${key}`, intConstant(values)),
    );
    return [
      { ...without(node, "starts", "ends", "axes"), inputs: [node.inputs[0] ?? "", ...names] },
    ];
  },
  TopK(node, { opset, constant }) {
    if (opset >= 10) return [node];
    const k = constant(`${node.outputs[0]}/k`, intConstant([intAttribute(node, "k", 1)]));
    return [{ ...without(node, "k"), inputs: [node.inputs[0] ?? "", k] }];
  },
  Clip(node, { opset, constant }) {
    if (opset >= 11) return [node];
    const [input = ""] = node.inputs;
    const bound = (key: "min" | "max") =>
      node.attributes[key]
        ? constant(`${node.outputs[0]}/${key}`, floatConstant([floatAttribute(node, key, 0)], []))
        : "";
    const inputs = [input, bound("min"), bound("max")];
    while (inputs.at(-1) === "") inputs.pop();
    return [{ ...without(node, "min", "max", "consumed_inputs"), inputs }];
  },
  Pad(node, { opset, constant }) {
    const pads = intsAttribute(node, "pads");
    if (opset >= 11 || !pads) return [node];
    const [input = ""] = node.inputs;
    const value = floatConstant([floatAttribute(node, "value", 0)], []);
    const inputs = [
      input,
      constant(`${node.outputs[0]}/pads`, intConstant(pads)),
      constant(`${node.outputs[0]}/value`, value),
    ];
    return [{ ...without(node, "pads", "value"), inputs }];
  },
  Split(node, raising) {
    const [raised = node] = intsToInput("split", 1, 13)(node, raising);
    if (raised.inputs[1] || raised.attributes.num_outputs) return [raised];
    const attributes = {
      ...raised.attributes,
      ...attributesFrom({ num_outputs: raised.outputs.length }),
    };
    return [{ ...raised, attributes }];
  },
  Scatter: (node) => [{ ...node, op: "ScatterElements" }],
  Dropout(node, { opset }) {
    return opset >= 12 ? [node] : [without(node, "ratio", "is_test")];
  },
};

function without(node: Node, ...keys: readonly string[]): Node {
  const attributes = Object.fromEntries(
    Object.entries(node.attributes).filter(([key]) => !keys.includes(key)),
  );
  return { ...node, attributes };
}

function withInput(inputs: readonly string[], at: number, name: string): string[] {
  const padded = Array.from({ length: Math.max(at, inputs.length) }, (_, i) => inputs[i] ?? "");
  padded[at] = name;
  return padded;
}
