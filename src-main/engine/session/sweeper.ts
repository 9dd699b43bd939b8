import type { TapSession } from "../../../shared/domain/engine.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import { compileRelevance, type RelevanceGraph } from "../compile/relevance.ts";
import type { Constant } from "../onnx/graph.ts";
import { joinRows } from "./crossing.ts";
import { rowsOf, toConstant, toImages, toTensor } from "./feed.ts";
import { Lazy } from "./lazy.ts";
import { createSession, type RuntimeOptions, type RuntimeSession } from "./runtime.ts";

interface OpenedSweep extends RelevanceGraph {
  readonly session: RuntimeSession;
  close(): Promise<void>;
}

/** Sweeps relevance back between any two maps of a model: one graph per pair, loaded when it is first asked for. */
export function openSweeper(
  model: AnalysedModel,
  runtime: RuntimeOptions,
): Required<Pick<TapSession, "relevance" | "close">> {
  const opened = new Map<string, Lazy<OpenedSweep>>();

  async function relevance(
    images: Tensor,
    components: Tensor,
    from: string,
    to: string,
  ): Promise<Tensor> {
    if (from === to) return components;
    const key = JSON.stringify([from, to]);
    const lazy = opened.get(key) ?? new Lazy(() => open(from, to));
    opened.set(key, lazy);
    const sweep = await lazy.get();
    const [rows] = images.dims;
    const step = model.fixedBatch ?? rows;
    const parts: Constant[] = [];
    for (let at = 0; at < rows; at += step) {
      const feeds = new Map([
        [model.image.name, toImages(model, rowsOf(images, at, step))],
        [sweep.components, toConstant(rowsOf(components, at, step))],
      ]);
      const part = (await sweep.session.run(feeds)).get(sweep.relevance);
      if (part) parts.push(part);
    }
    return toTensor(joinRows(parts, rows));
  }

  async function open(from: string, to: string): Promise<OpenedSweep> {
    const sweep = compileRelevance(model, from, to);
    const session = await createSession(sweep.graph, runtime);
    return { ...sweep, session, close: () => session.close() };
  }

  async function close(): Promise<void> {
    await Promise.all([...opened.values()].map((lazy) => lazy.close()));
    opened.clear();
  }

  return { relevance, close };
}
