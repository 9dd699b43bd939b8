import { intAttribute, intsAttribute } from "../onnx/attributes.ts";
import type { Graph, Node, Shapes, ValueShape } from "../onnx/graph.ts";
import { consumersOf, producersOf } from "../onnx/walk.ts";

/** How a tensor holds a map. */
export interface MapLayout {
  readonly layout: "channels-first" | "channels-last" | "tokens";
  /** `[K, H, W]`, whatever the tensor's own order. */
  readonly grid: readonly [channels: number, height: number, width: number];
  readonly prefixTokens: number;
}

/** Tells how a value holds a map; undefined where it holds none. */
export type ReadLayout = (name: string) => MapLayout | undefined;

const channelsFirst = new Set(
  (
    "Conv ConvTranspose BatchNormalization MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool " +
    "GlobalLpPool InstanceNormalization LRN DepthToSpace SpaceToDepth Resize Upsample GroupNormalization QLinearConv"
  ).split(" "),
);
/** Element by element: the layout of what goes in is that of what comes out. */
const elementWise = new Set(
  (
    "Relu LeakyRelu PRelu ThresholdedRelu Elu Celu Selu Clip Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Mish " +
    "Swish Gelu Erf Sqrt Pow Exp Abs Neg Add Sub Mul Div Max Min Sum Mean Identity Dropout Cast QuantizeLinear " +
    "DequantizeLinear Concat Where Pad Split Slice"
  ).split(" "),
);
const deepestWalk = 24;
/** A class token, a distillation token and a few registers. */
const mostPrefixTokens = 16;

/**
 * Layouts are read off the graph: what makes or reads a tensor, through element-wise nodes, says where its channels are.
 * Tokens `[N,T,D]` get the grid of a map further up with `T = P + h·w`; they need not be square.
 */
export function layoutReader(graph: Graph, shapes: Shapes): ReadLayout {
  const producers = producersOf(graph);
  const consumers = consumersOf(graph);
  const evidence = new Map<string, "first" | "last" | "none">();
  const grids = findGrids();

  return (name) => {
    const shape = shapes.get(name);
    if (!shape || !isPerImage(shape)) return undefined;
    const [, a = 1, b = 1, c = 1] = shape.dims;
    if (shape.dims.length === 4) {
      const where = evidenceOf(name);
      if (where === "first" && b > 1 && c > 1)
        return { layout: "channels-first", grid: [a, b, c], prefixTokens: 0 };
      if (where === "last" && a > 1 && b > 1)
        return { layout: "channels-last", grid: [c, a, b], prefixTokens: 0 };
    }
    if (shape.dims.length === 3 && evidenceOf(name) === "last") {
      const grid = gridOfTokens(a);
      if (grid)
        return {
          layout: "tokens",
          grid: [b, grid[0], grid[1]],
          prefixTokens: a - grid[0] * grid[1],
        };
    }
    return undefined;
  };

  function gridOfTokens(tokens: number): readonly [number, number] | undefined {
    return grids
      .filter(([h, w]) => h * w <= tokens && tokens - h * w <= mostPrefixTokens)
      .toSorted(([a, b], [c, d]) => c * d - a * b)[0];
  }

  /** Heights and widths of the maps of the graph, the deepest first. */
  function findGrids(): (readonly [number, number])[] {
    const found: (readonly [number, number])[] = [];
    for (const node of graph.nodes.toReversed()) {
      const shape = shapes.get(node.outputs[0] ?? "");
      if (shape?.dims.length !== 4 || !isPerImage(shape)) continue;
      const [, a = 1, b = 1, c = 1] = shape.dims;
      if (channelsFirst.has(node.op) && b > 1 && c > 1) found.push([b, c]);
      else if (readsLastAxis(node) && a > 1 && b > 1) found.push([a, b]);
    }
    return found;
  }

  function evidenceOf(name: string): "first" | "last" | "none" {
    const known = evidence.get(name);
    if (known) return known;
    const found = walk(name, "up", 0) ?? walk(name, "down", 0) ?? "none";
    evidence.set(name, found);
    return found;
  }

  function walk(name: string, way: "up" | "down", depth: number): "first" | "last" | undefined {
    if (depth > deepestWalk) return undefined;
    const rank = shapes.get(name)?.dims.length;
    const maker = producers.get(name);
    const nodes = way === "down" ? (consumers.get(name) ?? []) : maker ? [maker] : [];
    for (const node of nodes) {
      if (channelsFirst.has(node.op)) return "first";
      if (readsLastAxis(node)) return "last";
      if (!elementWise.has(node.op)) continue;
      const next = (way === "up" ? node.inputs : node.outputs).filter(
        (other) => shapes.get(other)?.dims.length === rank && !graph.constants.has(other),
      );
      for (const other of next) {
        const found = walk(other, way, depth + 1);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** LayerNormalization over the last axis, its parts, and products with a weight matrix. */
  function readsLastAxis(node: Node): boolean {
    const rank = shapes.get(node.inputs[0] ?? "")?.dims.length ?? 0;
    const isLast = (axis: number) => axis === -1 || axis === rank - 1;
    if (node.op === "LayerNormalization" || node.op === "SimplifiedLayerNormalization")
      return isLast(intAttribute(node, "axis", -1));
    if (node.op === "RMSNormalization") return isLast(intAttribute(node, "axis", -1));
    if (node.op === "MatMul") return isWeight(node.inputs[1]);
    if (node.op === "ReduceMean") {
      const axes = intsAttribute(node, "axes") ?? shapes.get(node.inputs[1] ?? "")?.integers;
      return axes?.length === 1 && isLast(axes[0] ?? 0) && intAttribute(node, "keepdims", 1) === 1;
    }
    return false;
  }

  function isWeight(name: string | undefined): boolean {
    const shape = shapes.get(name ?? "");
    return shape?.dims.length === 2 && !shape.batchFactor.some(Boolean) && isFixed(name ?? "");
  }

  function isFixed(name: string): boolean {
    if (graph.constants.has(name)) return true;
    const maker = producers.get(name);
    return maker !== undefined && maker.inputs.every((input) => input === "" || isFixed(input));
  }
}

/** One row per image: the batch is the first dim alone. */
export function isPerImage(shape: ValueShape): boolean {
  const [first, ...others] = shape.batchFactor;
  const isFree = first === 1;
  return (isFree || !shape.batchFactor.some(Boolean)) && !others.some(Boolean);
}
