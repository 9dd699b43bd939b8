import { basename } from "node:path";
import { candidatePreparations } from "../../shared/domain/candidate-preparations.ts";
import type { CrossCheck, CrossCheckOutcome } from "../../shared/domain/cross-check.ts";
import type { TapSession } from "../../shared/domain/engine.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { sizeOf, type Tensor } from "../../shared/domain/tensor.ts";
import { AppError, fail, toErrorJson } from "../../shared/errors/app-error.ts";
import { explainBatch, type ExplainedItem } from "./cam/explain.ts";
import { normalsFrom } from "./cam/noise.ts";
import { methodById } from "./cam/registry.ts";
import { decodeImage } from "./images/decode.ts";
import { inputSize, prepareInto } from "./images/prepare.ts";
import { stackInputs } from "./input-batch.ts";
import { modelKindOf } from "./model-kind.ts";
import type { EngineRequests } from "./protocol.ts";
import { generalHead } from "./session/closed-form.ts";
import { openModel, type CompiledTap, type OpenModel } from "./session/open-model.ts";
import { openTap } from "./session/tap-session.ts";
import { openOnnxTap, type OnnxTapPlan } from "./tensorflow/onnx/tap-session.ts";
import { tensorflow } from "./tensorflow/runtime.ts";

type Request = EngineRequests["crossCheck"];

const compared: readonly MethodId[] = ["grad-cam", "hirescam"];
const noisePictures = 2;

/**
 * Runs a model on onnxruntime and on TensorFlow.js and measures how far apart logits, gradients and maps are. The gradient
 * of the one is compiled into the graph, that of the other is TensorFlow's own; neither takes a closed form here.
 */
export async function crossCheck(request: Request["in"]): Promise<CrossCheck> {
  const { modelPath, tap, images, size } = request;
  if (modelKindOf(modelPath).kind !== "onnx")
    fail("tensorflow/one-engine", { file: basename(modelPath) });
  const opened = await openModel(modelPath, size ?? {});
  try {
    const compiled = await opened.compiled(tap);
    const { device } = await tensorflow();
    const pictures = await picturesFor(opened, compiled, images);
    const outcome = await compareEngines(
      { ...compiled, description: opened.description },
      pictures,
    );
    const [count = 0] = pictures.dims;
    return { device, tap: compiled.tap.name, pictures: count, outcome };
  } finally {
    await opened.close();
  }
}

/** Both engines at one tap, on pictures as the model takes them. */
export async function compareEngines(
  compiled: OnnxTapPlan,
  pictures: Tensor,
): Promise<CrossCheckOutcome> {
  const plan = { ...compiled, head: generalHead };
  const sessions: TapSession[] = [];
  try {
    const own = openTap({ ...plan, runtime: {} });
    sessions.push(own);
    const other = openOnnxTap(await tensorflow(), plan);
    sessions.push(other);
    return await compare(own, other, compiled, pictures);
  } catch (error) {
    if (error instanceof AppError) return { kind: "refused", error: toErrorJson(error) };
    throw error;
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

async function compare(
  own: TapSession,
  other: TapSession,
  compiled: OnnxTapPlan,
  pictures: Tensor,
): Promise<CrossCheckOutcome> {
  const first = await explained(own, compiled, pictures, null);
  // The same classes: near ties may fall either way.
  const targets = first.items.map(({ target }) => target);
  const second = await explained(other, compiled, pictures, targets);
  const differences = (read: (item: ExplainedItem) => Float32Array | null) =>
    first.items.flatMap((item, i) => {
      const [a, b] = [read(item), read(second.items[i] ?? item)];
      return a && b ? [apart(a, b)] : [];
    });
  return {
    kind: "compared",
    logits: Math.max(...differences(({ logits }) => logits)),
    gradients: apart(first.gradients, second.gradients),
    maps: compared.map((method, at) => {
      // Where every A·G sums to zero by construction, the map is rounding (`gradient-graph.md` 1.3).
      const isRounding = method === "hirescam" && compiled.tap.isScaleFree;
      const found = isRounding ? [] : differences(({ maps }) => maps[at]?.map ?? null);
      return { method, difference: found.length > 0 ? Math.max(...found) : null };
    }),
    isQuantised: compiled.model.graph.nodes.some(({ op }) => op === "QuantizeLinear"),
  };
}

interface Explained {
  readonly items: readonly ExplainedItem[];
  readonly gradients: Float32Array;
}

/** Maps of all pictures, and the gradients that they were made from. */
async function explained(
  session: TapSession,
  { model }: OnnxTapPlan,
  images: Tensor,
  targets: readonly (number | null)[] | null,
): Promise<Explained> {
  let gradients: Float32Array = new Float32Array(0);
  const items = await explainBatch({
    session: {
      ...session,
      async gradient(pictures, seed) {
        const result = await session.gradient(pictures, seed);
        gradients = result.gradients.data;
        return result;
      },
    },
    methods: compared.map(methodById),
    images,
    layout: model.image.layout,
    target: { kind: targets ? "label" : "predicted" },
    labels: targets ?? Array.from({ length: images.dims[0] ?? 0 }, () => null),
  });
  return { items, gradients };
}

/** Largest difference as a share of the largest number. */
function apart(own: Float32Array, given: Float32Array): number {
  let [largest, worst] = [0, 0];
  own.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Math.abs(value - (given[i] ?? NaN)));
  });
  if (Number.isNaN(worst)) return Infinity;
  return largest > 0 ? worst / largest : worst;
}

/** Seeded noise in the range of the model's input, then the given files as its likeliest preparation has them. */
async function picturesFor(
  { description }: OpenModel,
  { model }: CompiledTap,
  paths: readonly string[],
): Promise<Tensor> {
  const input = model.graph.inputs.find(({ name }) => name === model.image.name);
  const dims = (input?.dims ?? []).slice(1).map(Number);
  const size = sizeOf(dims);
  const isBytes = input?.type !== "f32" && input?.type !== "f64";
  const [centre, spread] = isBytes ? [128, 48] : [0, 1];
  const next = normalsFrom(1);
  const noise = Float32Array.from({ length: noisePictures * size }, () => centre + spread * next());
  const files = await prepared(description, model, paths);
  const data = new Float32Array(noise.length + files.length);
  data.set(noise);
  data.set(files, noise.length);
  return { dims: [data.length / size, ...dims], data };
}

async function prepared(
  description: OpenModel["description"],
  { heightPx, widthPx }: CompiledTap["model"],
  paths: readonly string[],
): Promise<Float32Array> {
  const none = { preset: null, geometry: null, resample: null };
  const [likeliest] = candidatePreparations(description, none);
  if (!likeliest || paths.length === 0) return new Float32Array(0);
  const preparation = { ...likeliest, heightPx, widthPx };
  const inputs: Float32Array[] = [];
  for (const path of paths) {
    const input = new Float32Array(inputSize(preparation));
    prepareInto(await decodeImage(path), preparation, input, path);
    inputs.push(input);
  }
  return stackInputs(inputs, preparation).data;
}
