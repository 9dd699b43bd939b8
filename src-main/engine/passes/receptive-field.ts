import type { FieldAxis, ReceptiveField } from "../../../shared/domain/receptive-field.ts";
import { convolutionAxes, intAttribute, intsAttribute } from "../onnx/attributes.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { makesOf } from "../onnx/walk.ts";

/** How one axis of a value samples the picture: in pixels of the input, centres as 0-based indices. */
interface Sampling {
  readonly jump: number;
  readonly size: number;
  readonly centre: number;
  readonly variance: number;
}

/** A value laid out over the picture: which of its dims run down and across. */
interface Spatial {
  readonly kind: "spatial";
  readonly dims: readonly [down: number, across: number];
  readonly axes: readonly [down: Sampling, across: Sampling];
}

/** `fixed`: no picture in it. `collapsed`: seen everywhere alike. `unknown`: no window leads to it. */
type State = Spatial | { readonly kind: "fixed" | "collapsed" | "unknown" };

const fixed = { kind: "fixed" } as const;
const collapsed = { kind: "collapsed" } as const;
const unknown = { kind: "unknown" } as const;

const windows = new Set("Conv MaxPool AveragePool LpPool".split(" "));
/** One result per place, from that place alone; several inputs are joined. */
const placeByPlace = new Set(
  (
    "Relu LeakyRelu PRelu ThresholdedRelu Elu Celu Selu Clip Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Mish " +
    "Swish Gelu Erf Sqrt Pow Exp Log Abs Neg Reciprocal Add Sub Mul Div Max Min Sum Mean Where Identity Dropout Cast " +
    "QuantizeLinear DequantizeLinear BatchNormalization LRN LayerNormalization GroupNormalization InstanceNormalization " +
    "SimplifiedLayerNormalization RMSNormalization LpNormalization Softmax"
  ).split(" "),
);

/** Where paths of unlike width meet: their mean (a residual branch counts by half), or the widest alone. */
export type MeetingPaths = "mean" | "widest";

/**
 * What each value of a graph sees of the picture, window by window from the input on, after Luo et al. 2016
 * (https://arxiv.org/abs/1701.04128): jump, extent, centre, and the variance of a path with uniform kernels, whose root is the
 * width of the effective receptive field.
 *
 *   r += (k−1)·d·j;  s += ((k−1)·d/2 − p)·j;  v += (j·d)²·(k² − 1)/12;  j *= t
 *
 * Paths that see the whole picture (squeeze and excite) are left out where others meet them. Null for a value that no chain of
 * windows leads to, as behind attention.
 */
export function receptiveFields(
  graph: Graph,
  shapes: Shapes,
  image: string,
  paths: MeetingPaths = "mean",
): (name: string) => ReceptiveField | null {
  const states = new Map<string, State>();
  const dimsOf = (name: string | undefined) => shapes.get(name ?? "")?.dims ?? [];
  const stateOf = (name: string): State => states.get(name) ?? fixed;
  const imageDims = dimsOf(image);
  const isLast = (imageDims[1] ?? 0) > (imageDims[3] ?? 0); // [N,H,W,C]
  const start = { jump: 1, size: 1, centre: 0, variance: 0 };
  states.set(image, {
    kind: "spatial",
    dims: isLast ? [1, 2] : [2, 3],
    axes: [start, start],
  });
  for (const node of graph.nodes) {
    const after = follow(node);
    for (const name of makesOf(node)) states.set(name, after);
  }

  return (name) => {
    const state = stateOf(name);
    if (state.kind !== "spatial") return null;
    const [down, across] = state.dims.map((dim, i) =>
      fieldAxis(state.axes[i], imageDims[(isLast ? 1 : 2) + i] ?? 0, dimsOf(name)[dim] ?? 0),
    );
    return down && across ? { isDerived: true, down, across } : null;
  };

  function follow(node: Node): State {
    const read = node.inputs.filter((name) => name !== "");
    const all = read.map(stateOf);
    if (all.every(({ kind }) => kind === "fixed") || node.op === "Shape" || node.op === "Size")
      return fixed;
    const [first = fixed] = all;
    const isPlaced = placeByPlace.has(node.op) || node.op === "Concat";
    if (isPlaced) return meet(node, read);
    if (first.kind !== "spatial")
      return all.some(({ kind }) => kind === "spatial" || kind === "unknown") ? unknown : collapsed;
    if (all.slice(1).some(({ kind }) => kind !== "fixed")) return unknown;
    return alone(node, first) ?? unknown;
  }

  /** A node that reads one value of the picture. */
  function alone(node: Node, from: Spatial): State | undefined {
    const [input = "", second = ""] = node.inputs;
    const before = dimsOf(input);
    const after = dimsOf(node.outputs[0]);
    const { dims } = from;
    if (windows.has(node.op)) return throughWindow(node, from);
    if (node.op.startsWith("Global")) return collapsed;
    if (node.op.startsWith("Reduce")) {
      const axes = integers(node, "axes", second) ?? before.map((_, axis) => axis);
      const reduced = axes.map((axis) => (axis < 0 ? axis + before.length : axis));
      if (dims.some((dim) => reduced.includes(dim))) return collapsed;
      return intAttribute(node, "keepdims", 1) === 1 ? from : without(from, reduced);
    }
    switch (node.op) {
      case "Transpose": {
        const perm = intsAttribute(node, "perm") ?? before.map((_, axis) => axis).toReversed();
        return { ...from, dims: [perm.indexOf(dims[0]), perm.indexOf(dims[1])] };
      }
      case "Reshape":
        return reshaped(from, before, after);
      case "Unsqueeze":
      case "Squeeze": {
        const given = integers(node, "axes", second);
        if (!given) return undefined;
        const rank = Math.max(before.length, after.length);
        const axes = given.map((axis) => (axis < 0 ? axis + rank : axis));
        if (node.op === "Squeeze") return without(from, axes);
        const kept = after.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
        return { ...from, dims: [kept[dims[0]], kept[dims[1]]] };
      }
      case "Split":
        return dims.includes(axisOf(node, "axis", 0, before.length)) ? undefined : from;
      case "Gather": {
        const axis = axisOf(node, "axis", 0, before.length);
        if (dims.includes(axis)) return undefined;
        return after.length < before.length ? without(from, [axis]) : from;
      }
      case "MatMul":
        return dims.includes(before.length - 1) ? undefined : from;
      case "Pad": {
        const pads = integers(node, "pads", second);
        if (!pads) return undefined;
        return each(from, (own, dim) => ({
          ...own,
          centre: own.centre - (pads[dim] ?? 0) * own.jump,
        }));
      }
      case "Slice":
        return sliced(node, from, before);
      case "Resize":
      case "Upsample":
        return each(from, (own, dim) => {
          const scale = (after[dim] ?? 1) / (before[dim] ?? 1);
          return {
            ...own,
            jump: own.jump / scale,
            centre: own.centre + (0.5 / scale - 0.5) * own.jump,
          };
        });
      case "SpaceToDepth": {
        const block = intAttribute(node, "blocksize", 1);
        return each(from, (own) =>
          step(own, { kernel: block, stride: block, pad: 0, dilation: 1 }),
        );
      }
      default:
        return undefined;
    }
  }

  function throughWindow(node: Node, from: Spatial): State | undefined {
    const before = dimsOf(node.inputs[0]);
    if (before.length !== 4 || from.dims[0] !== 2 || from.dims[1] !== 3) return undefined;
    const kernel = node.op === "Conv" ? dimsOf(node.inputs[1]).slice(2) : undefined;
    const found = convolutionAxes(node, before, kernel);
    if (found.some(({ size, out, kernel: k }) => out === 1 && k >= size && size > 1))
      return collapsed; // one window over the whole of it
    return each(from, (own, dim) => {
      const axis = found[dim - 2];
      return axis ? step(own, { ...axis, pad: axis.padBegin }) : own;
    });
  }

  function sliced(node: Node, from: Spatial, before: readonly number[]): State | undefined {
    const [, starts, , axes, steps] = node.inputs.map((name) => shapes.get(name)?.integers);
    if (!starts) return undefined;
    return each(from, (own, dim) => {
      const at = (axes ?? starts.map((_, axis) => axis)).findIndex(
        (axis) => (axis < 0 ? axis + before.length : axis) === dim,
      );
      if (at < 0) return own;
      const begin = starts[at] ?? 0;
      const first = begin < 0 ? Math.max(0, begin + (before[dim] ?? 0)) : begin;
      return {
        ...own,
        centre: own.centre + first * own.jump,
        jump: own.jump * (steps?.[at] ?? 1),
      };
    });
  }

  /** Several values at the same places; what has no place is left out. Channels of a Concat weigh by their number. */
  function meet(node: Node, read: readonly string[]): State {
    const all = read.map(stateOf);
    if (all.some(({ kind }) => kind === "unknown")) return unknown;
    const placed = read.flatMap((name) => {
      const state = stateOf(name);
      return state.kind === "spatial" ? [{ name, state }] : [];
    });
    const [first] = placed;
    if (!first) return all.some(({ kind }) => kind === "collapsed") ? collapsed : fixed;
    const rank = dimsOf(first.name).length;
    const joined = node.op === "Concat" ? axisOf(node, "axis", 0, rank) : null;
    if (joined !== null && first.state.dims.includes(joined)) return unknown;
    const likeFirst = ({ state }: { state: Spatial }) =>
      state.dims.join() === first.state.dims.join() &&
      state.axes.every(({ jump }, i) => Math.abs(jump - first.state.axes[i].jump) < 1e-9);
    if (!placed.every(likeFirst)) return unknown;
    const weights = placed.map(({ name }) => (joined === null ? 1 : (dimsOf(name)[joined] ?? 1)));
    return each(first.state, (own, dim) => {
      const i = dim === first.state.dims[0] ? 0 : 1;
      const others = placed.map(({ state }) => state.axes[i] ?? own);
      const widest = others.reduce((most, one) => (one.variance > most.variance ? one : most));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const mean = others.reduce((sum, one, at) => sum + one.variance * (weights[at] ?? 0), 0);
      return {
        jump: own.jump,
        size: Math.max(...others.map(({ size }) => size)),
        centre: widest.centre,
        variance: paths === "mean" ? mean / total : widest.variance,
      };
    });
  }

  function integers(node: Node, attribute: string, input: string): readonly number[] | undefined {
    return intsAttribute(node, attribute) ?? shapes.get(input)?.integers;
  }
}

/** Where no chain of windows leads to a tap: evenly spaced cells, as wide as their distance. */
export function assumedField(
  [heightPx, widthPx]: readonly [number, number],
  [h, w]: readonly [number, number],
): ReceptiveField {
  const axis = (inputPx: number, cells: number): FieldAxis => {
    const jump = inputPx / cells;
    return { inputPx, jumpPx: jump, sizePx: inputPx, centrePx: jump / 2 - 0.5, sigmaPx: jump };
  };
  return { isDerived: false, down: axis(heightPx, h), across: axis(widthPx, w) };
}

/** A width under half a jump would leave gaps between the cells. */
function fieldAxis(own: Sampling, inputPx: number, cells: number): FieldAxis | null {
  if (cells < 1 || inputPx < 1) return null;
  return {
    inputPx,
    jumpPx: own.jump,
    sizePx: own.size,
    centrePx: own.centre,
    sigmaPx: Math.max(own.jump / 2, Math.sqrt(own.variance)),
  };
}

interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly dilation: number;
}

function step(own: Sampling, { kernel, stride, pad, dilation }: Window): Sampling {
  const reach = (kernel - 1) * dilation;
  return {
    jump: own.jump * stride,
    size: own.size + reach * own.jump,
    centre: own.centre + (reach / 2 - pad) * own.jump,
    variance: own.variance + ((own.jump * dilation) ** 2 * (kernel ** 2 - 1)) / 12,
  };
}

function each(from: Spatial, change: (own: Sampling, dim: number) => Sampling): Spatial {
  const [down, across] = from.axes;
  return { ...from, axes: [change(down, from.dims[0]), change(across, from.dims[1])] };
}

function without(from: Spatial, axes: readonly number[]): Spatial {
  const left = (dim: number) => dim - axes.filter((axis) => axis < dim).length;
  return { ...from, dims: [left(from.dims[0]), left(from.dims[1])] };
}

function axisOf(node: Node, name: string, otherwise: number, rank: number): number {
  const axis = intAttribute(node, name, otherwise);
  return axis < 0 ? axis + rank : axis;
}

/** A Reshape that leaves both dims of the picture side by side and splits or joins what stands before them. */
function reshaped(
  from: Spatial,
  before: readonly number[],
  after: readonly number[],
): Spatial | undefined {
  const [down, across] = from.dims;
  if (across !== down + 1) return undefined;
  const product = (dims: readonly number[]) => dims.reduce((all, dim) => all * dim, 1);
  const ahead = product(before.slice(0, down));
  const at = after.findIndex(
    (dim, i) =>
      dim === before[down] &&
      after[i + 1] === before[across] &&
      product(after.slice(0, i)) === ahead,
  );
  return at < 0 ? undefined : { ...from, dims: [at, at + 1] };
}
