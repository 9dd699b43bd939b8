import { attributesFrom, intAttribute, intsAttribute } from "../onnx/attributes.ts";
import { floatConstant, intConstant, numbersOf } from "../onnx/constant.ts";
import type { Constant, Graph, Node, Shapes } from "../onnx/graph.ts";
import { freshNames, plainNode } from "../onnx/walk.ts";
import type { Tail } from "./tail.ts";

/** A head `Conv1×1 → Relu → mean over positions`, as SqueezeNet ends. */
export interface MaskedHead {
  /** `[C,K,1,1]` and `[C]`; the bias may be absent. */
  readonly weight: string;
  readonly bias: string | null;
}

const lookOnly = new Set(["Identity", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

/**
 * Recognises the head: from the tap one chain of nodes, nothing else below the cut. Its gradient has a closed form that
 * depends on the activations by one mask alone, which spares the convolution back over all classes.
 */
export function findMaskedHead(tail: Tail, shapes: Shapes, tap: string): MaskedHead | null {
  if (tail.crossing.length > 0) return null;
  let head: MaskedHead | null = null;
  let [value, isMasked, isPooled] = [tap, false, false];
  for (const node of tail.graph.nodes) {
    if (node.inputs[0] !== value) return null;
    [value = ""] = node.outputs;
    if (lookOnly.has(node.op)) continue;
    const dims = shapes.get(node.inputs[1] ?? "")?.dims ?? [];
    if (node.op === "Conv" && !head && isPointwise(node, dims, tail.graph))
      head = { weight: node.inputs[1] ?? "", bias: node.inputs[2] || null };
    else if (node.op === "Relu" && head && !isMasked) isMasked = true;
    else if (isMean(node, tail.graph) && isMasked && !isPooled) isPooled = true;
    else return null;
  }
  return isPooled ? head : null;
}

function isPointwise(node: Node, dims: readonly number[], graph: Graph): boolean {
  const isPlain = (name: string, value: number) =>
    (intsAttribute(node, name) ?? []).every((entry) => entry === value);
  return (
    dims.length === 4 &&
    dims[2] === 1 &&
    dims[3] === 1 &&
    intAttribute(node, "group", 1) === 1 &&
    isPlain("strides", 1) &&
    isPlain("pads", 0) &&
    node.inputs.slice(1).every((input) => !input || graph.constants.has(input))
  );
}

function isMean(node: Node, graph: Graph): boolean {
  if (node.op === "GlobalAveragePool") return true;
  if (node.op !== "ReduceMean") return false;
  const axes = graph.constants.get(node.inputs[1] ?? "");
  if (!axes) return false;
  return (
    numbersOf(axes)
      .map((axis) => (axis < 0 ? axis + 4 : axis))
      .toSorted()
      .join() === "2,3"
  );
}

/** The model with its masked head's gradient, for a few classes per image. */
export interface SparseGradient {
  readonly graph: Graph;
  readonly gradients: string;
  /** Inputs: classes `[N,M]` (int64) and their weights `[N,M]`; `[2]` weights of the best two classes. */
  readonly picked: string;
  readonly shares: string;
  readonly automatic: string;
}

/**
 * `G[k,i,j] = Σ_m share_m · W[c_m,k] · [z_{c_m}(i,j) > 0] / n`: two small products instead of a backward pass. `z` is
 * computed again for the picked classes alone; reading the head's own would cost a copy of all class maps.
 */
export function appendMaskedGradient(
  graph: Graph,
  head: MaskedHead,
  tap: string,
  [k, h, w]: readonly [number, number, number],
  logits: string,
  classes: number,
): SparseGradient {
  const fresh = freshNames(graph);
  const constants = new Map<string, Constant>(graph.constants);
  const nodes: Node[] = [];
  const number = (value: Constant) => {
    const name = fresh("mask/number");
    constants.set(name, value);
    return name;
  };
  const write = (
    op: string,
    inputs: readonly string[],
    attributes: Parameters<typeof attributesFrom>[0] = {},
    count = 1,
  ) => {
    const outputs = Array.from({ length: count }, () => fresh(`mask/${op}`));
    nodes.push(plainNode(op, inputs, outputs, attributesFrom(attributes)));
    return outputs.at(-1) ?? "";
  };
  const shape = (...dims: number[]) => number(intConstant(dims));
  const [picked, shares, automatic] = [
    fresh("seed_picked"),
    fresh("seed_shares"),
    fresh("seed_automatic"),
  ];
  const best = Math.min(2, classes);
  const top = write("TopK", [logits, number(intConstant([best]))], { axis: 1 }, 2);
  const all = write("Concat", [picked, top], { axis: 1 });
  const rows = write("Shape", [top]);
  const own = write("Slice", [automatic, shape(0), shape(best)]);
  const weights = write("Concat", [shares, write("Expand", [own, rows])], { axis: 1 });

  const kernel = write("Reshape", [head.weight, shape(classes, k)]);
  const vectors = write("Gather", [kernel, all], { axis: 0 }); // [N,M,K]
  const places = write("Reshape", [tap, shape(0, k, h * w)]);
  const maps = write("MatMul", [vectors, places]); // [N,M,HW]
  const zero = number(floatConstant([0], []));
  const threshold = head.bias
    ? write("Unsqueeze", [write("Neg", [write("Gather", [head.bias, all])]), shape(2)])
    : zero;
  const isOn = write("Greater", [maps, threshold]);
  const scale = number(floatConstant([1 / (h * w)], []));
  const scaled = write("Unsqueeze", [write("Mul", [weights, scale]), shape(2)]);
  const masks = write("Where", [isOn, scaled, zero]); // [N,M,HW]
  const turned = write("Transpose", [vectors], { perm: [0, 2, 1] });
  const gradients = write("Reshape", [write("MatMul", [turned, masks]), shape(0, k, h, w)]);
  const batch = graph.inputs[0]?.dims?.[0] ?? "N";
  return {
    graph: {
      ...graph,
      constants,
      inputs: [
        ...graph.inputs,
        { name: picked, type: "i64", dims: [batch, "M"] },
        { name: shares, type: "f32", dims: [batch, "M"] },
        { name: automatic, type: "f32", dims: [2] },
      ],
      nodes: [...graph.nodes, ...nodes],
    },
    gradients,
    picked,
    shares,
    automatic,
  };
}
