import type { ModelStructure } from "../../shared/domain/structure.ts";
import { noStructure } from "../../shared/domain/structure.ts";
import type { ModelDescription, TapDescription } from "../../shared/domain/model.ts";
import type { MapPlace } from "../../shared/domain/relevance.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { Attribute, Constant, Graph, Node, Shapes, ValueShape } from "./onnx/graph.ts";
import { producersOf, sortedNodes } from "./onnx/walk.ts";
import { costOf } from "./passes/cost.ts";
import { findLastMap } from "./passes/last-map.ts";
import { findLogits } from "./passes/logits.ts";
import { assumedField, receptiveFields } from "./passes/receptive-field.ts";
import { describeTap, findTaps, pathTo } from "./passes/taps.ts";

/**
 * What another engine's model looks like to the passes that find scores and taps: its operations under ONNX's names and in
 * ONNX's order of dims, with shapes and without numbers. So the same network offers the same taps for the same reasons
 * whichever engine runs it. Nothing here can be run.
 */
export interface Outline {
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly image: string;
  readonly heightPx: number;
  readonly widthPx: number;
  readonly logits: {
    readonly name: string;
    readonly classes: number;
    readonly output: string;
    readonly stripped: ModelDescription["output"]["stripped"];
  };
  /** The default first; maps are channels last, as TensorFlow lays them out. */
  readonly taps: readonly TapDescription[];
}

/** One operation of a model, in words that all engines share. */
export interface OutlineStep {
  /** Name of its layer or node. */
  readonly name: string;
  /** The ONNX operator that does the same; where there is none, the engine's own word. */
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Shapes of its weights in the order ONNX stores them: convolutions `[out, in, kh, kw]`, products `[in, out]`. */
  readonly weights: readonly (readonly number[])[];
  /** The axis a normalisation runs over, in ONNX's order of dims. */
  readonly axis?: number;
  readonly window?: Window;
  /** Of a padding: before and behind, down and across. */
  readonly pads?: readonly [top: number, bottom: number, left: number, right: number];
}

/** What a convolution or a pooling slides over a map: down, then across. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: "same" | "valid";
}

/** What a probe found of a value: its own dims at batch 2 (or at the only one), and which are the batch. */
export type Probed = Pick<ValueShape, "dims" | "batchFactor" | "type">;

export interface OutlineOptions {
  readonly file: string;
  readonly image: string;
  readonly layout: "NCHW" | "NHWC";
  readonly heightPx: number;
  readonly widthPx: number;
  /** Candidates for the scores. */
  readonly outputs: readonly string[];
}

/** Finds scores and taps among steps whose maps are `[N,H,W,C]`. Refuses with `model/not-a-classifier`. */
export function outlineOf(
  steps: readonly OutlineStep[],
  probed: ReadonlyMap<string, Probed>,
  options: OutlineOptions,
): Outline {
  const { image, heightPx, widthPx, file } = options;
  const shapes = new Map<string, ValueShape>();
  const constants = new Map<string, Constant>();
  for (const [name, value] of probed)
    shapes.set(name, name === image && options.layout === "NCHW" ? value : channelsFirst(value));
  for (const { inputs, outputs } of steps) seeInner(inputs, outputs, shapes);
  const nodes = steps.map((step) => nodeOf(step, shapes, constants));
  const graph: Graph = {
    name: file,
    opset: 18,
    irVersion: 8,
    domains: {},
    inputs: [{ name: image, type: "f32", dims: shapes.get(image)?.dims ?? null }],
    outputs: [],
    constants,
    nodes: sortedNodes(nodes),
    metadata: {},
  };
  const found = findLogits(graph, shapes, options.outputs);
  if (!found)
    return fail("model/not-a-classifier", { file, outputs: list(options.outputs, probed) });
  // Scores that are no rows get a node that makes them so; here the value itself is wanted.
  const rows = producersOf(found.graph).get(found.name);
  const name = shapes.has(found.name) ? found.name : (rows?.inputs[0] ?? found.name);
  const { classes, output, stripped } = found;
  const known = findTaps(graph, shapes, image, name).filter((tap) => probed.has(tap.name));
  const parts = { graph, shapes, image, heightPx, widthPx };
  const taps = known.map((tap, i) => ({ ...asLaidOut(tap, parts), isDefault: i === 0 }));
  return { ...parts, logits: { name, classes, output, stripped }, taps };
}

/** A tap that the user named. Refuses with the catalogue's `tap/…`. */
export function tapOf(outline: Outline, name: string | null, file: string): TapDescription {
  const { taps, graph, shapes, image, logits } = outline;
  if (name === null) return taps[0] ?? fail("tap/none", { model: file });
  const listed = taps.find((tap) => tap.name === name);
  if (listed) return listed;
  const known = taps.map((tap) => tap.name).join(", ");
  if (!shapes.has(name) || graph.constants.has(name)) fail("tap/unknown", { tap: name, known });
  if (!pathTo(graph, shapes, image, logits.name).has(name))
    fail("tap/no-path", { tap: name, next: taps[0]?.name ?? "" });
  const tap = describeTap(graph, shapes, name) ?? fail("tap/unknown", { tap: name, known });
  return asLaidOut(tap, outline);
}

/** The last map before the score, as the model lays it out; undefined where there is none. */
export function lastMapOf({
  graph,
  shapes,
  image,
  logits,
  taps,
}: Outline): (MapPlace & { readonly prefixTokens: number }) | undefined {
  const last = findLastMap(graph, shapes, image, logits.name, taps);
  return last && { ...last, layout: turnedLayout(last.layout) };
}

/** The tail of a tap: what it does, and what else it reads. */
export interface TailOutline {
  readonly nodes: readonly Node[];
  /** Values of the image's own that enter behind the tap. */
  readonly crossing: readonly string[];
  /** Cost as a share of the whole model's, 0..1. */
  readonly share: number;
  /** Whether the scores are a weighted sum of the tap. */
  readonly isAffine: boolean;
}

/** Cuts the outline behind a tap. */
export function tailOf({ graph, shapes, image, logits }: Outline, tap: string): TailOutline {
  const ofImage = new Set([image]);
  const ofTap = new Set([tap]);
  for (const { inputs, outputs } of graph.nodes) {
    if (inputs.some((name) => ofImage.has(name))) outputs.forEach((name) => ofImage.add(name));
    if (inputs.some((name) => ofTap.has(name))) outputs.forEach((name) => ofTap.add(name));
  }
  const wanted = new Set([logits.name]);
  const crossing = new Set<string>();
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => wanted.has(name) && name !== tap)) continue;
    if (!node.outputs.some((name) => ofTap.has(name))) continue;
    nodes.unshift(node);
    for (const name of node.inputs) {
      if (ofTap.has(name)) wanted.add(name);
      else if (ofImage.has(name)) crossing.add(name);
    }
  }
  const tail = { ...graph, nodes };
  return {
    nodes,
    crossing: [...crossing],
    share: costOf(tail, shapes) / costOf(graph, shapes),
    isAffine: crossing.size === 0 && nodes.every((node) => isAffine(node, ofTap)),
  };
}

/** Outlines know no attention and no vertex graphs of their own; values can be read by name. */
export const outlineStructure: ModelStructure = { ...noStructure, isReadable: true };

const affine = new Set(
  (
    "Identity Dropout Cast Reshape Flatten Squeeze Unsqueeze Transpose Slice Split Gather Pad Concat Add Sub Sum Mean " +
    "Neg ReduceMean ReduceSum GlobalAveragePool AveragePool BatchNormalization Resize Tile Expand"
  ).split(" "),
);
const products = new Set("Mul Div Conv ConvTranspose MatMul".split(" "));

function isAffine({ op, inputs }: Node, ofTap: ReadonlySet<string>): boolean {
  const dependent = inputs.filter((name) => ofTap.has(name));
  if (products.has(op)) return dependent.length < 2 && (op !== "Div" || dependent[0] === inputs[0]);
  return affine.has(op);
}

function nodeOf(
  step: OutlineStep,
  shapes: Map<string, ValueShape>,
  constants: Map<string, Constant>,
): Node {
  const { name, op, inputs, outputs, weights, axis, window, pads } = step;
  const given = weights.map((dims, i) => {
    const weight = `${name}/weight:${i}`;
    constants.set(weight, { type: "f32", dims, bytes: new Uint8Array(0) });
    shapes.set(weight, { type: "f32", dims, batchFactor: dims.map(() => 0) });
    return weight;
  });
  const attributes: Record<string, Attribute> = {};
  if (axis !== undefined) attributes["axis"] = { kind: "int", value: axis };
  if (pads) {
    const [top, bottom, left, right] = pads;
    attributes["pads"] = { kind: "ints", value: [0, 0, top, left, 0, 0, bottom, right] };
  }
  if (window) {
    const [, , height = 1, width = 1] = shapes.get(inputs[0] ?? "")?.dims ?? [];
    attributes["kernel_shape"] = { kind: "ints", value: window.kernel };
    attributes["strides"] = { kind: "ints", value: window.strides };
    attributes["dilations"] = { kind: "ints", value: window.dilations };
    attributes["pads"] = { kind: "ints", value: padsOf(window, [height, width]) };
  }
  return { name, domain: "", op, inputs: [...inputs, ...given], outputs, attributes };
}

/** TensorFlow's "same": as many results as `size / stride` rounded up; what is odd goes behind. */
function padsOf(
  { kernel, strides, dilations, padding }: Window,
  sizes: readonly number[],
): number[] {
  const totals = sizes.map((size, i) => {
    const [k = 1, s = 1, d = 1] = [kernel[i], strides[i], dilations[i]];
    return padding === "valid"
      ? 0
      : Math.max(0, (Math.ceil(size / s) - 1) * s + (k - 1) * d + 1 - size);
  });
  const before = totals.map((total) => Math.floor(total / 2));
  return [...before, ...totals.map((total, i) => total - (before[i] ?? 0))];
}

/** Inner values of fused steps are of the shape of what the step makes. */
function seeInner(
  inputs: readonly string[],
  outputs: readonly string[],
  shapes: Map<string, ValueShape>,
): void {
  const [inner = ""] = inputs;
  const [made = ""] = outputs;
  const shape = shapes.get(made);
  if (inputs.length === 1 && !shapes.has(inner) && shape) shapes.set(inner, shape);
}

function channelsFirst(value: Probed): ValueShape {
  if (value.dims.length !== 4) return value;
  const turn = (dims: readonly number[]) => [0, 3, 1, 2].map((axis) => dims[axis] ?? 0);
  return { ...value, dims: turn(value.dims), batchFactor: turn(value.batchFactor) };
}

function asLaidOut(
  tap: TapDescription,
  {
    graph,
    shapes,
    image,
    heightPx,
    widthPx,
  }: Pick<Outline, "graph" | "shapes" | "image" | "heightPx" | "widthPx">,
): TapDescription {
  const [, h, w] = tap.grid;
  const receptiveField =
    receptiveFields(graph, shapes, image)(tap.name) ?? assumedField([heightPx, widthPx], [h, w]);
  return { ...tap, layout: turnedLayout(tap.layout), receptiveField };
}

/** Outlines turn maps to ONNX's order of dims; the model itself lays channels last. */
function turnedLayout(layout: MapPlace["layout"]): MapPlace["layout"] {
  return layout === "channels-first" ? "channels-last" : layout;
}

function list(names: readonly string[], probed: ReadonlyMap<string, Probed>): string {
  return names
    .map((name) => {
      const shape = probed.get(name);
      const dims = shape?.dims.map((dim, i) => (shape.batchFactor[i] ? "N" : dim)) ?? ["?"];
      return `"${name}" [${dims.join(", ")}]`;
    })
    .join(", ");
}
