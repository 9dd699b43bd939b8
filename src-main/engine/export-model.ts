import type { GraphValue } from "../../shared/domain/exported-graph.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { sizeOf, type Tensor } from "../../shared/domain/tensor.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { explainBatch } from "./cam/explain.ts";
import { normalsFrom } from "./cam/noise.ts";
import { methodById } from "./cam/registry.ts";
import { exportGraph } from "./export/export-graph.ts";
import { floatsOf } from "./onnx/constant.ts";
import type { Graph, ValueInfo } from "./onnx/graph.ts";
import { writeGraph } from "./onnx/wire.ts";
import { requireOnnx } from "./model-kind.ts";
import type { EngineRequests } from "./protocol.ts";
import { toImages } from "./session/feed.ts";
import { openModel, type CompiledTap, type OpenModel } from "./session/open-model.ts";
import { createSession } from "./session/runtime.ts";

type Request = EngineRequests["exportGraph"];

/** Protobuf holds no more; what is not weights is a small part of a file. */
const mostWeightBytes = 2 ** 31 - 2 ** 24;
/** As between devices (`architecture.md` GPU): what differs by more is not the same map. */
const tolerance = 1e-3;

/** A model with a method's map as one ONNX file, checked by running it. */
export async function exportModel(request: Request["in"]): Promise<Request["out"]> {
  const { modelPath, method, version } = request;
  requireOnnx(modelPath);
  const opened = await openModel(modelPath);
  try {
    const { fileName: file } = opened.description;
    const compiled = await opened.compiled(request.tap);
    const graph = exportGraph({ ...compiled, method, file, version });
    const weights = [...graph.constants.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (weights > mostWeightBytes) fail("export/too-large", { file });
    const bytes = writeGraph(graph);
    const { worst, hasMaps } = await measure(bytes, graph, opened, compiled, method);
    if (!(worst <= tolerance)) fail("export/differs", { file, difference: worst.toPrecision(2) });
    const difference = hasMaps ? worst : null;
    const [input] = graph.inputs.map(asValue);
    if (!input) throw new RangeError("the graph takes no picture");
    const { name: tap } = compiled.tap;
    const outputs = graph.outputs.map(asValue);
    return { bytes, opset: graph.opset, method, tap, input, outputs, difference };
  } finally {
    await opened.close();
  }
}

function asValue({ name, type, dims }: ValueInfo): GraphValue {
  return { name, elementType: type ?? "f32", dims: dims ?? [] };
}

/** Largest difference of logits and maps between the file and the app on seeded noise, as a share of the maximum. */
async function measure(
  bytes: Uint8Array,
  graph: Graph,
  opened: OpenModel,
  { model, tap }: CompiledTap,
  method: MethodId,
): Promise<{ readonly worst: number; readonly hasMaps: boolean }> {
  const images = noise(model.fixedBatch ?? 2, graph);
  const session = await opened.open(tap.name);
  const file = await createSession(bytes);
  try {
    const items = await explainBatch({
      session,
      methods: [methodById(method)],
      images,
      layout: model.image.layout,
      target: { kind: "predicted" },
      labels: Array.from({ length: images.dims[0] ?? 0 }, () => null),
    });
    const [input = { name: "" }] = graph.inputs;
    const results = await file.run(new Map([[input.name, toImages(model, images)]]));
    const [logits, maps] = ["logits", "map"].map((name) => {
      const value = results.get(name);
      return value ? floatsOf(value) : new Float32Array(0);
    });
    // Where every A·G sums to zero by construction, the map is rounding (`gradient-graph.md` 1.3).
    const isRounding = method === "hirescam" && tap.isScaleFree;
    const made = items.map(({ maps: [one] }) => (isRounding ? null : (one?.map ?? null)));
    const differences = items.flatMap(({ logits: own }, i) => {
      const answers = apart(rowOf(logits, i, own.length), own);
      const map = made[i];
      return map ? [answers, apart(rowOf(maps, i, map.length), map)] : [answers];
    });
    return { worst: Math.max(...differences), hasMaps: !made.includes(null) };
  } finally {
    await Promise.all([file.close(), session.close()]);
  }
}

function rowOf(values: Float32Array | undefined, row: number, size: number): Float32Array {
  return (values ?? new Float32Array(0)).subarray(row * size, (row + 1) * size);
}

function apart(given: Float32Array, own: Float32Array): number {
  let [largest, worst] = [0, 0];
  own.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Math.abs(value - (given[i] ?? Infinity)));
  });
  return largest > 0 ? worst / largest : worst;
}

/** Pictures of noise: what the input takes, by its element type. */
function noise(rows: number, graph: Graph): Tensor {
  const [input] = graph.inputs;
  const dims = [rows, ...(input?.dims ?? []).slice(1).map(Number)];
  const [centre, spread] = input?.type === "f32" || input?.type === "f64" ? [0, 1] : [128, 48];
  const next = normalsFrom(1);
  return {
    dims,
    data: Float32Array.from({ length: sizeOf(dims) }, () => centre + spread * next()),
  };
}
