import type { Reading, ReadScore, TapSession } from "../../../shared/domain/engine.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import { compileReading, type ReadingGraph } from "../compile/reading.ts";
import type { Constant } from "../onnx/graph.ts";
import { joinRows } from "./crossing.ts";
import { rowsOf, toConstant, toImages, toTensor } from "./feed.ts";
import { Lazy } from "./lazy.ts";
import { createSession, type RuntimeOptions, type RuntimeSession } from "./runtime.ts";

interface OpenedReading extends ReadingGraph {
  readonly session: RuntimeSession;
  close(): Promise<void>;
}

/** Reads any values of a model by name: one graph per choice of names, loaded when it is first asked for. */
export function openReader(
  model: AnalysedModel,
  runtime: RuntimeOptions,
): Pick<TapSession, "read" | "close"> {
  const opened = new Map<string, Lazy<OpenedReading>>();

  async function read(
    images: Tensor,
    names: readonly string[],
    seed: Tensor | null,
    score: ReadScore = "model",
  ): Promise<Reading> {
    const wanted = seed && score;
    const key = JSON.stringify([names, wanted]);
    const lazy = opened.get(key) ?? new Lazy(() => open(names, wanted));
    opened.set(key, lazy);
    const { session, logits, gradients, seed: seedName } = await lazy.get();
    const [rows = 0] = images.dims;
    const step = model.fixedBatch ?? rows;
    const runs: ReadonlyMap<string, Constant>[] = [];
    for (let from = 0; from < rows; from += step) {
      const feeds = new Map([[model.image.name, toImages(model, rowsOf(images, from, step))]]);
      if (seed && seedName) feeds.set(seedName, toConstant(rowsOf(seed, from, step)));
      runs.push(await session.run(feeds));
    }
    const joined = (name: string) => {
      const parts = runs.flatMap((run) => run.get(name) ?? []);
      return toTensor(runs.length === 1 ? parts[0] : joinRows(parts, rows));
    };
    const tensors = (pairs: Iterable<readonly [string, string]>) =>
      new Map([...pairs].map(([name, value]) => [name, joined(value)]));
    return {
      logits: joined(logits),
      values: tensors(names.map((name) => [name, name])),
      gradients: tensors(gradients),
    };
  }

  async function open(names: readonly string[], score: ReadScore | null): Promise<OpenedReading> {
    const reading = compileReading(model, names, score);
    const session = await createSession(reading.graph, runtime);
    return { ...reading, session, close: () => session.close() };
  }

  async function close(): Promise<void> {
    await Promise.all([...opened.values()].map((lazy) => lazy.close()));
    opened.clear();
  }

  return { read, close };
}
