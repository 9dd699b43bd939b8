import type { TapSession } from "../../../shared/domain/engine.ts";
import type { ModelDescription, TapDescription } from "../../../shared/domain/model.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { WeightChanges, WeightLayer } from "../../../shared/domain/weights.ts";
import { AppError, toErrorJson } from "../../../shared/errors/app-error.ts";
import { noSupport, supportAt } from "../cam/support.ts";
import type { Refusal } from "../cam/tap-facts.ts";
import { outlineStructure, tailOf, tapOf } from "../outline.ts";
import { generalHead } from "../session/closed-form.ts";
import { rowsOf } from "../session/feed.ts";
import { solveAffine } from "./closed-form.ts";
import { loadGraphProgram } from "./graph-program.ts";
import { loadLayersProgram } from "./layers-program.ts";
import { readTensorFlowFiles, type TensorFlowFiles } from "./model-files.ts";
import { nameKernels } from "./missing-kernel.ts";
import { feedPictures } from "./pictures.ts";
import { probe, type ProbedModel } from "./probe.ts";
import type { Program } from "./program.ts";
import { Relevance } from "./relevance.ts";
import { tensorflow, type TensorFlow } from "./runtime.ts";
import { inScope, toDevice, toHost } from "./scope.ts";
import { openTap, type TapPlan } from "./tap-session.ts";
import { scoresFrom, type Cut } from "./tail.ts";
import { replaceWeights, weightLayersOf } from "./weights.ts";

/** Sizes for models that leave them free. */
export interface OpenTensorFlowOptions {
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/** A TensorFlow.js model: described, and ready to be opened at a tap. */
export interface OpenTensorFlowModel {
  readonly description: ModelDescription;
  /** As people read it: "tensorflow · native CPU". */
  readonly device: string;
  /** The default tap for null. */
  open(tap: string | null): Promise<TapSession>;
  /** Every layer with weights, from the output to the input. Refuses with the catalogue's `sheet/…`. */
  layers(): readonly WeightLayer[];
  /** As `open`, with other weights: what only sanity checks ask for. */
  withWeights(tap: string | null, changes: WeightChanges): Promise<TapSession>;
  /** Logits `[N,C]`. */
  predict(images: Tensor): Promise<Tensor>;
  close(): Promise<void>;
}

/** Opens `model.json`. Refuses with the catalogue's `tensorflow/…` and `model/…`. */
export async function openTensorFlowModel(
  path: string,
  options: OpenTensorFlowOptions = {},
): Promise<OpenTensorFlowModel> {
  const files = readTensorFlowFiles(path);
  const runtime = await tensorflow();
  const program = await loadProgram(files, runtime);
  try {
    const { heightPx, widthPx } = options;
    const model = probe(program, { file: files.fileName, heightPx, widthPx }, runtime);
    return describeAndOpen(files, model, runtime);
  } catch (error) {
    program.dispose();
    throw error;
  }
}

async function loadProgram(files: TensorFlowFiles, runtime: TensorFlow): Promise<Program> {
  return files.kind === "layers"
    ? loadLayersProgram(files, runtime)
    : loadGraphProgram(files, runtime);
}

function describeAndOpen(
  files: TensorFlowFiles,
  model: ProbedModel,
  runtime: TensorFlow,
): OpenTensorFlowModel {
  const { outline, program } = model;
  const { tf, device } = runtime;
  const relevance = relevanceOf(files, model, runtime);
  const known = new Map<string, Omit<TapPlan, "description">>();
  const learn = (name: string | null) => {
    const tap = tapOf(outline, name, files.fileName);
    const learnt = known.get(tap.name) ?? learnTap({ model, relevance }, tap, runtime);
    known.set(tap.name, learnt);
    return learnt;
  };
  const first = outline.taps.length > 0 ? learn(null) : null;
  const description = describe(files, model, first, device);
  return {
    description,
    device,
    open: async (name) => openTap({ ...learn(name), description }),
    layers: () => weightLayersOf(files, model, runtime),
    async withWeights(name, changes) {
      const { tap, ...known } = learn(name);
      if (changes.size === 0) return openTap({ ...known, tap, description });
      const changed = replaceWeights(files, changes);
      const other = await loadProgram(changed, runtime);
      try {
        const own = { ...model, program: other };
        const relevance = relevanceOf(changed, own, runtime);
        const plan = learnTap({ model: own, relevance }, tap, runtime);
        const close = async () => {
          await relevance.close();
          other.dispose();
        };
        return { ...openTap({ ...plan, description }), close };
      } catch (error) {
        other.dispose();
        throw error;
      }
    },
    async predict(images) {
      const [rows = 0] = images.dims;
      const step = model.image.fixedBatch ?? rows;
      const data = new Float32Array(rows * outline.logits.classes);
      for (let from = 0; from < rows; from += step) {
        const part = inScope(tf, () => {
          const feeds = new Map([feedPictures(tf, model, rowsOf(images, from, step))]);
          const run = () => program.run(feeds, [outline.logits.name]);
          const [scores] = nameKernels(run, { program, feeds, tf, device });
          return scores ? toHost(scores).data : new Float32Array(0);
        });
        const at = from * outline.logits.classes;
        data.set(part.subarray(0, data.length - at), at);
      }
      return { dims: [rows, outline.logits.classes], data };
    },
    async close() {
      await relevance.close();
      program.dispose();
    },
  };
}

function relevanceOf(files: TensorFlowFiles, model: ProbedModel, runtime: TensorFlow): Relevance {
  return new Relevance({ files, model, runtime, load: (half) => loadProgram(half, runtime) });
}

function learnTap(
  { model, relevance }: Pick<TapPlan, "model" | "relevance">,
  tap: TapDescription,
  runtime: TensorFlow,
): Omit<TapPlan, "description"> {
  const { outline } = model;
  const structure = { ...outlineStructure, relevance: relevance.pathTo(tap) };
  const tail = tailOf(outline, tap.name);
  const cut: Cut = { model, tap, tail, runtime };
  const head = attempt(() => solveAffine(cut)) ?? generalHead;
  const methods = supportAt({
    tap,
    head,
    structure,
    classes: outline.logits.classes,
    tailShare: tail.share,
    rounds: false,
    gradientRefusal: once(() => gradientRefusal(cut)),
    readingRefusal: once(() => gradientRefusal(cut)),
  });
  return { ...cut, head, methods, relevance, structure };
}

/** Differentiates once on an empty picture: a backend may lack a kernel, and only a run tells. */
function gradientRefusal(cut: Cut): Refusal | null {
  const { model, tap, tail, runtime } = cut;
  const { tf, device } = runtime;
  const { program, outline, pictureDims, image } = model;
  try {
    inScope(tf, () => {
      const rows = image.fixedBatch ?? 1;
      const feeds = new Map([[image.name, tf.zeros([rows, ...pictureDims], program.input.type)]]);
      nameKernels(
        () => {
          const [own, ...others] = program.run(feeds, [tap.name, ...tail.crossing]);
          const crossing = new Map(tail.crossing.flatMap((name, i) => entry(name, others[i])));
          const seed = toDevice(tf, oneHot(rows, outline.logits.classes));
          if (own) tf.grad((value) => tf.sum(tf.mul(scoresFrom(cut, value, crossing), seed)))(own);
        },
        { program, feeds, tf, device },
      );
    });
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    if (why.startsWith("Cannot compute gradient of y=f(x)"))
      return { code: "gradient/no-path", details: { tap: tap.name } };
    if (error instanceof AppError) return toErrorJson(error);
    throw error;
  }
}

function entry<T>(name: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[name, value]];
}

function oneHot(rows: number, classes: number): Tensor {
  const data = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) data[row * classes] = 1;
  return { dims: [rows, classes], data };
}

function describe(
  files: TensorFlowFiles,
  model: ProbedModel,
  first: Omit<TapPlan, "description"> | null,
  device: string,
): ModelDescription {
  const { outline, image, program } = model;
  const { logits } = outline;
  const names = files.classNames;
  return {
    fileName: files.fileName,
    sha256: files.sha256,
    format: files.kind === "layers" ? "tfjs-layers" : "tfjs-graph",
    device,
    opset: 0,
    producer: files.producer,
    input: {
      name: image.name,
      dims: program.input.dims.map((dim, i) => dim ?? (i === 0 ? "N" : "?")),
      elementType: program.input.type === "int32" ? "i32" : "f32",
      layout: image.layout,
      channels: image.channels,
      heightPx: image.heightPx,
      widthPx: image.widthPx,
      fixedBatch: image.fixedBatch,
    },
    output: { name: logits.output, classes: logits.classes, stripped: logits.stripped },
    head: first?.head.kind ?? "general",
    taps: outline.taps,
    methods: first?.methods ?? noSupport({ code: "tap/none", details: { model: files.fileName } }),
    classNames: names?.length === logits.classes ? names : null,
  };
}

/** A missing kernel is no reason not to open a tap: methods without gradients remain. */
function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}

function once<T>(ask: () => T): () => T {
  let answer: { readonly value: T } | null = null;
  return () => (answer ??= { value: ask() }).value;
}
