import type { RuntimeProvider } from "../../../shared/domain/device.ts";
import type { TapSession } from "../../../shared/domain/engine.ts";
import type { ModelDescription } from "../../../shared/domain/model.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { WeightChanges, WeightLayer } from "../../../shared/domain/weights.ts";
import { analyse } from "../compile/analyse.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import { tapNamed } from "../compile/tap.ts";
import { weightLayersOf } from "../compile/weights.ts";
import { readModelFile, type ModelFile } from "../onnx/file.ts";
import type { Constant } from "../onnx/graph.ts";
import { withOutputs } from "../onnx/walk.ts";
import { describeModel } from "./describe.ts";
import { joinRows } from "./crossing.ts";
import { rowsOf, toImages, toTensor } from "./feed.ts";
import { Lazy } from "./lazy.ts";
import { createSession, evaluate, type RuntimeOptions } from "./runtime.ts";
import { learnTap, type TapKnowledge } from "./tap-knowledge.ts";
import { openTap } from "./tap-session.ts";
import { openWithWeights } from "./with-weights.ts";

export interface OpenModelOptions {
  /** For models that leave them free. */
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly threads?: number;
}

/** A model on onnxruntime: described, and ready to be opened at a tap. */
export interface OpenModel {
  readonly description: ModelDescription;
  /** The default tap for null; on the processor unless stated. */
  open(tap: string | null, provider?: RuntimeProvider): Promise<TapSession>;
  /** Every layer with weights, from the output to the input. Refuses with the catalogue's `sheet/…`. */
  layers(): readonly WeightLayer[];
  /** As `open`, with other weights: what only sanity checks ask for. On the processor. */
  withWeights(tap: string | null, changes: WeightChanges): Promise<TapSession>;
  /** Logits `[N,C]`. */
  predict(images: Tensor): Promise<Tensor>;
  /** What `open` starts from: for whoever writes a graph of its own. */
  compiled(tap: string | null): Promise<CompiledTap>;
  close(): Promise<void>;
}

/** A model and what its compiler found at one tap. */
export interface CompiledTap extends TapKnowledge {
  readonly model: AnalysedModel;
}

/** Opens a model file. Refuses with the catalogue's `model/…`. */
export async function openModel(path: string, options: OpenModelOptions = {}): Promise<OpenModel> {
  const file = readModelFile(path);
  const { heightPx, widthPx } = options;
  const model = await analyse(file.model, evaluate, { file: file.fileName, heightPx, widthPx });
  return describeAndOpen(file, model, options);
}

async function describeAndOpen(
  file: ModelFile,
  model: AnalysedModel,
  options: OpenModelOptions,
): Promise<OpenModel> {
  const runtime: RuntimeOptions = options.threads ? { threads: options.threads } : {};
  const known = new Map<string, Promise<TapKnowledge>>();
  const learn = (name: string | null) => {
    const tap = tapNamed(model, name, file.fileName);
    const learnt = known.get(tap.name) ?? learnTap(model, tap, runtime);
    known.set(tap.name, learnt);
    return learnt;
  };
  const first = model.taps.length > 0 ? await learn(null) : null;
  const description = describeModel(file, model, first);
  const predictions = new Lazy(() =>
    createSession(withOutputs(model.graph, [model.logits.name]), runtime),
  );
  return {
    description,
    async open(name, provider = "cpu") {
      return openTap({
        ...(await learn(name)),
        model,
        description,
        runtime: { ...runtime, provider },
      });
    },
    layers: () => weightLayersOf(model, file.fileName),
    async withWeights(name, changes) {
      return openWithWeights({ ...(await learn(name)), model, description, runtime }, changes);
    },
    async predict(images) {
      const session = await predictions.get();
      const [rows = 0] = images.dims;
      const step = model.fixedBatch ?? rows;
      const parts: Constant[] = [];
      for (let from = 0; from < rows; from += step) {
        const feeds = new Map([[model.image.name, toImages(model, rowsOf(images, from, step))]]);
        parts.push(...(await session.run(feeds)).values());
      }
      return toTensor(joinRows(parts, rows));
    },
    compiled: async (name) => ({ ...(await learn(name)), model }),
    close: () => predictions.close(),
  };
}
