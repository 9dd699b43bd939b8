import type { Forward, TapSession } from "../../../shared/domain/engine.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import type { ModelDescription } from "../../../shared/domain/model.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import { compileForward } from "../compile/forward.ts";
import { compileGradient } from "../compile/gradient.ts";
import { compileTailGradient } from "../compile/tail-gradient.ts";
import type { Constant } from "../onnx/graph.ts";
import { affineGradients } from "./closed-form.ts";
import { Crossing, joinRows } from "./crossing.ts";
import { rowsOf, toConstant, toImages, toTensor } from "./feed.ts";
import { Lazy } from "./lazy.ts";
import { createSession, type RuntimeOptions } from "./runtime.ts";
import { seedFeeds, seedFrom, type Seed } from "./seed.ts";
import { checkGradient, type SelfCheck } from "./self-check.ts";
import { maskTokens } from "./mask-tokens.ts";
import { openReader } from "./reader.ts";
import { openSweeper } from "./sweeper.ts";
import type { TapKnowledge } from "./tap-knowledge.ts";

/** Everything a session at one tap needs to know. */
export interface TapPlan extends TapKnowledge {
  readonly model: AnalysedModel;
  readonly description: ModelDescription;
  readonly runtime: RuntimeOptions;
}

/** Results of the self-check by model and tap: a process checks each pair once. */
const selfChecks = new Map<string, SelfCheck>();

/**
 * The four primitives on one model at one tap. Plain forwards have no backward nodes, and each of the three graphs is
 * loaded when it is first asked for: a method that needs no gradient never pays for one.
 */
export function openTap(plan: TapPlan): TapSession {
  const { model, tap, head, tail, runtime, description, structure, methods } = plan;
  const forwardGraph = compileForward(model, tap, tail);
  const forwards = new Lazy(() => createSession(forwardGraph.graph, runtime));
  const tails = new Lazy(() => createSession(tail.graph, runtime));
  const gradients = new Lazy(async () => {
    const graph = compileGradient(model, tap);
    const session = await createSession(graph.graph, runtime);
    return { graph, session, close: () => session.close() };
  });
  const tailGradients = new Lazy(async () => {
    const graph = compileTailGradient(model, tap, tail);
    const session = await createSession(graph.graph, runtime);
    return { graph, session, close: () => session.close() };
  });
  const reader = openReader(model, runtime);
  const { read: readValues } = reader;
  const sweeper = openSweeper(model, runtime);
  return {
    description,
    tap,
    head,
    structure,
    methods,
    forward,
    gradient,
    tail: runTail,
    tailGradient,
    read: readValues,
    relevance: sweeper.relevance,
    close,
  };

  async function forward(images: Tensor): Promise<Forward> {
    const session = await forwards.get();
    const runs = await eachBatch(images, (batch) => session.run(new Map([batch])));
    return {
      logits: read(runs, forwardGraph.logits, images),
      activations: read(runs, forwardGraph.activations, images),
      context: new Crossing(model, forwardGraph, runs),
    };
  }

  async function gradient(
    images: Tensor,
    seed: Seed,
  ): Promise<Forward & { readonly gradients: Tensor }> {
    if (head.weights) {
      const passed = await forward(images);
      const given = typeof seed === "string" ? seedFrom(passed.logits, seed) : seed;
      return { ...passed, gradients: affineGradients(head, given, tap.grid) };
    }
    const { graph, session } = await gradients.get();
    const runs = await eachBatch(images, (batch, from, count) =>
      session.run(new Map([batch, ...seedFeeds(graph, seed, from, count, model.logits.classes)])),
    );
    const result = {
      logits: read(runs, graph.logits, images),
      activations: read(runs, graph.activations, images),
      gradients: read(runs, graph.gradients, images),
      context: images,
    };
    await trust(images, result, seed);
    return result;
  }

  async function runTail(
    from: Forward,
    activations: Tensor,
    rows: Int32Array,
    kept?: Tensor,
  ): Promise<Tensor> {
    const session = await tails.get();
    const runs = await eachTail(from, activations, rows, (feeds, start, step) => {
      const factors = kept && rowsOf(kept, start, step);
      const masked = feeds.map(([name, value]): [string, Constant] => {
        const isMasked = factors && structure.besideTap.includes(name);
        return [name, isMasked ? maskTokens(value, factors, tap.prefixTokens) : value];
      });
      return session.run(new Map(masked));
    });
    return read(runs, tail.logits, activations);
  }

  async function tailGradient(
    from: Forward,
    activations: Tensor,
    rows: Int32Array,
    seeds: Tensor,
  ): Promise<{ readonly logits: Tensor; readonly gradients: Tensor }> {
    const { graph, session } = await tailGradients.get();
    const runs = await eachTail(from, activations, rows, (feeds, start, step) =>
      session.run(new Map([...feeds, [graph.seed, toConstant(rowsOf(seeds, start, step))]])),
    );
    return {
      logits: read(runs, graph.logits, activations),
      gradients: read(runs, graph.gradients, activations),
    };
  }

  /** Runs changed activations at any number of rows, or at the only one the model takes. */
  async function eachTail(
    from: Forward,
    activations: Tensor,
    rows: Int32Array,
    run: (
      feeds: readonly [string, Constant][],
      start: number,
      step: number,
    ) => Promise<ReadonlyMap<string, Constant>>,
  ): Promise<ReadonlyMap<string, Constant>[]> {
    const crossing = await crossingOf(from);
    const step = model.fixedBatch ?? rows.length;
    const runs: ReadonlyMap<string, Constant>[] = [];
    for (let start = 0; start < rows.length; start += step) {
      const images = Array.from(
        { length: step },
        (_, i) => rows[Math.min(start + i, rows.length - 1)] ?? 0,
      );
      const own = toConstant(rowsOf(activations, start, step));
      runs.push(await run([[tail.activations, own], ...crossing.pick(tail, images)], start, step));
    }
    return runs;
  }

  /** A gradient run keeps its images instead: what crosses the cut is made when a tail asks for it. */
  async function crossingOf(from: Forward): Promise<Crossing> {
    if (tail.crossing.length === 0 && !tail.prefix) return new Crossing(model, forwardGraph, []);
    if (from.context instanceof Crossing) return from.context;
    return crossingOf(await forward(from.context as Tensor)); // `gradient` put its images there
  }

  /** Once per model and tap: the first image's gradient against measured slopes. */
  async function trust(
    images: Tensor,
    result: Forward & { readonly gradients: Tensor },
    seed: Seed,
  ): Promise<void> {
    const key = `${description.sha256} ${tap.name}`;
    const found = selfChecks.get(key) ?? (await check(images, result, seed));
    selfChecks.set(key, found);
    if (found.kind === "no-influence")
      fail("tap/no-path", { tap: tap.name, next: model.taps[0]?.name ?? "" });
    if (found.kind === "differs")
      fail("gradient/self-check", { tap: tap.name, error: found.error.toPrecision(2) });
  }

  async function check(
    images: Tensor,
    result: Forward & { readonly gradients: Tensor },
    seed: Seed,
  ): Promise<SelfCheck> {
    // Rounding to integers has no slope to measure; its saturation is the gradient rule's own business.
    if (tail.graph.nodes.some(({ op }) => op === "QuantizeLinear")) return { kind: "unmeasurable" };
    const given = typeof seed === "string" ? seedFrom(result.logits, seed) : seed;
    return checkGradient({
      from: await forward(rowsOf(images, 0, 1)),
      activations: rowsOf(result.activations, 0, 1),
      gradients: rowsOf(result.gradients, 0, 1),
      seed: rowsOf(given, 0, 1),
      tail: runTail,
    });
  }

  /** Runs at any batch, or at the only one the model takes: the last picture fills it up. */
  async function eachBatch(
    images: Tensor,
    run: (
      batch: [string, Constant],
      from: number,
      count: number,
    ) => Promise<ReadonlyMap<string, Constant>>,
  ): Promise<ReadonlyMap<string, Constant>[]> {
    const [rows = 0] = images.dims;
    const step = model.fixedBatch ?? rows;
    const runs: ReadonlyMap<string, Constant>[] = [];
    for (let from = 0; from < rows; from += step) {
      const batch = toImages(model, rowsOf(images, from, step));
      runs.push(await run([model.image.name, batch], from, step));
    }
    return runs;
  }

  async function close(): Promise<void> {
    const opened = [forwards, gradients, tails, tailGradients, reader, sweeper];
    await Promise.all(opened.map((one) => one.close()));
  }
}

/** One output of all runs, with as many rows as `like` has. */
function read(runs: readonly ReadonlyMap<string, Constant>[], name: string, like: Tensor): Tensor {
  const parts = runs.flatMap((run) => run.get(name) ?? []);
  return toTensor(joinRows(parts, like.dims[0]));
}
