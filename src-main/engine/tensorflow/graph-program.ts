import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { io } from "@tensorflow/tfjs-core";
import { fail } from "../../../shared/errors/app-error.ts";
import type { WeightRole } from "../../../shared/domain/weights.ts";
import { dynamicOperators, graphOperator } from "./graph-operators.ts";
import { isRecord, type TensorFlowFiles } from "./model-files.ts";
import type { Window } from "../outline.ts";
import type { LearntWeight, Program, ProgramInput, ProgramStep } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";

/** A node of the graph as the file writes it, checked. */
interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Values it reads; control edges left off. */
  readonly inputs: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

const mostNodes = 100_000;

/** Loads a GraphModel, which runs between any of its nodes. Refuses with the catalogue's `tensorflow/…`. */
export function loadGraphProgram(files: TensorFlowFiles, { converter, tf }: TensorFlow): Program {
  const { fileName: file } = files;
  const nodes = readNodes(files);
  const outputs = outputsOf(files, nodes);
  const used = ancestors(nodes, outputs);
  for (const { op, name } of used)
    if (dynamicOperators.has(op)) fail("tensorflow/dynamic", { file, op, node: name });
  const input = inputOf(files, used);
  const model = load(files, converter.loadGraphModelSync);
  const shapes = new Map(files.weights.map(({ spec }) => [spec.name, spec.shape]));
  const axes = (name: string): readonly number[] | undefined => {
    const [value] = model.weights[name] ?? [];
    return value?.dtype === "int32" && value.size <= 8 ? [...value.dataSync()] : undefined;
  };
  return {
    input,
    outputs,
    isFused: true,
    steps: used.flatMap((node) => stepsOf(node, shapes, axes)),
    run: (feeds, wanted) => {
      const made = tf.tidy(() => model.execute(Object.fromEntries(feeds), [...new Set(wanted)]));
      const values = new Map([...new Set(wanted)].map((name, i) => [name, [made].flat()[i]]));
      return wanted.map((name) => values.get(name) ?? missing(name));
    },
    dispose: () => model.dispose(),
  };
}

function missing(name: string): never {
  throw new RangeError(`nothing makes "${name}"`);
}

function refuse(file: string, why: string, cause?: unknown): never {
  fail("tensorflow/unreadable", { file, why }, { cause });
}

function load(
  { topology, signature, weights, bytes, fileName }: TensorFlowFiles,
  loadGraphModelSync: (handler: io.IOHandlerSync) => GraphModel<io.IOHandlerSync>,
): GraphModel<io.IOHandlerSync> {
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const artifacts: io.ModelArtifacts = {
    modelTopology: topology,
    weightSpecs: weights.map(({ spec }) => spec),
    weightData: weightData as ArrayBuffer, // never shared: it was just cut out
    ...(isRecord(signature) ? { signature } : {}),
  };
  try {
    return loadGraphModelSync({ load: () => artifacts });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return refuse(
      fileName,
      `TensorFlow.js says "${(why.split("\n")[0] ?? "").slice(0, 200)}"`,
      cause,
    );
  }
}

function readNodes({ topology, fileName: file }: TensorFlowFiles): ReadonlyMap<string, GraphNode> {
  const list = topology["node"] as unknown[]; // an array: that makes it a graph model
  if (list.length > mostNodes) refuse(file, `it has ${list.length} nodes`);
  const nodes = new Map<string, GraphNode>();
  for (const node of list) {
    if (!isRecord(node)) return refuse(file, "its graph lists something that is no node");
    const { name, op, input, attr } = node;
    if (typeof name !== "string" || typeof op !== "string")
      return refuse(file, "its graph lists a node without a name");
    const inputs = (Array.isArray(input) ? input : [])
      .filter((one) => typeof one === "string")
      .filter((one) => !one.startsWith("^"))
      .map(plainName);
    nodes.set(name, { name, op, inputs, attr: isRecord(attr) ? attr : {} });
  }
  return nodes;
}

/** `x:0` is `x`. */
function plainName(value: string): string {
  return value.replace(/:0$/, "");
}

function nodeOf(value: string): string {
  return value.replace(/:\d+$/, "");
}

function outputsOf(
  { signature, fileName: file }: TensorFlowFiles,
  nodes: ReadonlyMap<string, GraphNode>,
): readonly string[] {
  const declared = entriesOf(signature, "outputs").map(({ name }) => name);
  const read = new Set([...nodes.values()].flatMap(({ inputs }) => inputs.map(nodeOf)));
  const ends = [...nodes.values()]
    .filter(({ name, op }) => !read.has(name) && op !== "Const" && op !== "NoOp")
    .map(({ name }) => name);
  const outputs = (declared.length > 0 ? declared : ends).filter((name) => nodes.has(nodeOf(name)));
  if (outputs.length === 0) fail("model/not-a-classifier", { file, outputs: "none" });
  return outputs;
}

interface SignatureEntry {
  readonly name: string;
  readonly dims: readonly (number | null)[] | null;
  readonly type: unknown;
}

function entriesOf(signature: unknown, part: "inputs" | "outputs"): SignatureEntry[] {
  const entries = isRecord(signature) ? signature[part] : undefined;
  if (!isRecord(entries)) return [];
  return Object.values(entries).flatMap((entry) => {
    if (!isRecord(entry) || typeof entry["name"] !== "string") return [];
    const { name, dtype: type, tensorShape } = entry;
    return [{ name: plainName(name), dims: dimsOf(tensorShape), type }];
  });
}

function dimsOf(shape: unknown): (number | null)[] | null {
  const dims = isRecord(shape) ? shape["dim"] : undefined;
  if (!Array.isArray(dims)) return null;
  return dims.map((dim) => {
    const size = isRecord(dim) ? Number(dim["size"]) : NaN;
    return Number.isSafeInteger(size) && size > 0 ? size : null;
  });
}

function inputOf(
  { signature, fileName: file }: TensorFlowFiles,
  used: readonly GraphNode[],
): ProgramInput {
  const declared = new Map(entriesOf(signature, "inputs").map((entry) => [entry.name, entry]));
  const inputs = used
    .filter(({ op }) => op === "Placeholder" || op === "PlaceholderWithDefault")
    .map(({ name, attr }): SignatureEntry => {
      const own = dimsOf(field(field(attr, "shape"), "shape"));
      const entry = declared.get(name);
      return {
        name,
        dims: entry?.dims ?? own,
        type: entry?.type ?? field(field(attr, "dtype"), "type"),
      };
    });
  const [image, ...others] = inputs;
  const listed = inputs
    .map(({ name, dims }) => `"${name}" [${dims?.join(", ") ?? "?"}]`)
    .join(", ");
  if (!image) return fail("model/no-image-input", { file, inputs: listed || "none" });
  if (others.length > 0) fail("model/other-inputs", { file, inputs: listed });
  const isInteger = ["DT_INT32", "DT_UINT8", "DT_INT64"].includes(String(image.type));
  return { name: image.name, dims: image.dims ?? [], type: isInteger ? "int32" : "float32" };
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** The nodes that lead to the outputs, in the file's order. */
function ancestors(nodes: ReadonlyMap<string, GraphNode>, outputs: readonly string[]): GraphNode[] {
  const wanted = new Set<string>();
  const open = outputs.map(nodeOf);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (wanted.has(name)) continue;
    wanted.add(name);
    open.push(...(nodes.get(name)?.inputs ?? []).map(nodeOf));
  }
  return [...nodes.values()].filter(({ name }) => wanted.has(name));
}

/** What a node does; fused ones are laid out, their inner values can be seen but not asked for. */
function stepsOf(
  { name, op, inputs, attr }: GraphNode,
  shapes: ReadonlyMap<string, readonly number[]>,
  integers: (name: string) => readonly number[] | undefined,
): ProgramStep[] {
  if (op === "Const" || op.startsWith("Placeholder") || op === "NoOp") return [];
  const values = inputs.filter((input) => !shapes.has(input));
  const constants = inputs.flatMap((input) => {
    const shape = shapes.get(input);
    return shape ? [shape] : [];
  });
  const outputs = Array.from({ length: countOf(attr) }, (_, i) =>
    i === 0 ? name : `${name}:${i}`,
  );
  const weights = constants.map((shape, i) => (i === 0 ? turned(op, shape) : shape));
  const window = windowOf(attr, op, constants[0]);
  const [, , top = 0, bottom = 0, left = 0, right = 0] =
    (op.includes("Pad") && integers(inputs[1] ?? "")) || [];
  const step: ProgramStep = {
    name,
    op: graphOperator(op),
    inputs: values,
    outputs,
    weights,
    learnt: learntBy(op, inputs, fusedOps(attr)).filter(({ name: own }) => shapes.has(own)),
    ...(window && { window }),
    ...(op.includes("Pad") && { pads: [top, bottom, left, right] as const }),
  };
  if (op === "Mean" || op === "Max") {
    const axes = integers(inputs[1] ?? "")
      ?.toSorted()
      .join();
    const pools =
      axes === "1,2" ? (op === "Mean" ? "GlobalAveragePool" : "GlobalMaxPool") : step.op;
    return [{ ...step, op: pools, weights: [] }];
  }
  const fused = fusedOps(attr).filter(
    (one) => one !== "BiasAdd" && !one.startsWith("FusedBatchNorm"),
  );
  const [activation] = fused;
  if (!activation) return [step];
  const inner = `${name}/linear`;
  return [
    { ...step, outputs: [inner] },
    {
      name: `${name}/${activation}`,
      op: graphOperator(activation),
      inputs: [inner],
      outputs,
      weights: [],
      learnt: [],
    },
  ];
}

const ofNorm = ["statistic", "statistic", "statistic", "statistic"] as const;
/** What the inputs behind the first are to a node; a fused one reads after its kernel what the fused ones read. */
const roles: Readonly<Record<string, readonly WeightRole[]>> = {
  BatchMatMul: ["kernel"],
  BatchMatMulV2: ["kernel"],
  BatchMatMulV3: ["kernel"],
  BiasAdd: ["bias"],
  BiasAddV1: ["bias"],
  Conv2D: ["kernel"],
  Conv2DBackpropInput: ["kernel"],
  DepthwiseConv2d: ["kernel"],
  DepthwiseConv2dNative: ["kernel"],
  FusedBatchNorm: ofNorm,
  FusedBatchNormV2: ofNorm,
  FusedBatchNormV3: ofNorm,
  FusedDepthwiseConv2dNative: ["kernel"],
  MatMul: ["kernel"],
  _FusedConv2D: ["kernel"],
  _FusedMatMul: ["kernel"],
};

function learntBy(op: string, inputs: readonly string[], fused: readonly string[]): LearntWeight[] {
  const all = [op, ...fused].flatMap((one) => roles[one] ?? []);
  return all.flatMap((role, i) => {
    const name = inputs[i + 1];
    return name === undefined ? [] : [{ name, role }];
  });
}

/** The window of a convolution or a pooling, in the file's order `[batch, down, across, channels]`. */
function windowOf(
  attr: GraphNode["attr"],
  op: string,
  kernel: readonly number[] | undefined,
): Window | null {
  const pair = (name: string): readonly number[] | null => {
    const list = field(field(attr[name], "list"), "i");
    if (!Array.isArray(list) || list.length !== 4) return null;
    return [Number(list[1]), Number(list[2])];
  };
  const strides = pair("strides");
  const sizes = op.includes("Pool") ? pair("ksize") : kernel?.slice(0, 2);
  if (!strides || sizes?.length !== 2) return null;
  const padding = Buffer.from(String(field(attr["padding"], "s")), "base64").toString();
  return {
    kernel: sizes,
    strides,
    dilations: pair("dilations") ?? [1, 1],
    padding: padding === "SAME" ? "same" : "valid",
  };
}

/** Parts of a split. */
function countOf(attr: GraphNode["attr"]): number {
  const count = Number(field(attr["num_split"] ?? attr["num"], "i"));
  return Number.isSafeInteger(count) && count > 0 && count < 1000 ? count : 1;
}

function fusedOps(attr: GraphNode["attr"]): string[] {
  const list = field(field(attr["fused_ops"], "list"), "s");
  if (!Array.isArray(list)) return [];
  return list.map((text) => Buffer.from(String(text), "base64").toString());
}

/** Kernels from TensorFlow's order to ONNX's. */
function turned(op: string, shape: readonly number[]): readonly number[] {
  const [kh = 1, kw = 1, channels = 1, times = 1] = shape;
  if (shape.length !== 4) return shape;
  if (op.includes("Depthwise") || op.includes("depthwise")) return [channels * times, 1, kh, kw];
  return op.includes("Conv2D") ? [times, channels, kh, kw] : shape;
}
