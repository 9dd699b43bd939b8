import type { Forward, TapHead, TapSession } from "../../../shared/domain/engine.ts";
import type { ModelDescription, TapDescription } from "../../../shared/domain/model.ts";
import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";
import {
  compileForward,
  compileGradient,
  type AnalysedModel,
  type ForwardGraph,
  type GradientGraph,
  type TailGraph,
} from "../compile.ts";
import type { Constant } from "../onnx/graph.ts";
import { affineGradients } from "./closed-form.ts";
import { rowsOf, stackRows, toConstant, toImages, toTensor } from "./feed.ts";
import { createSession, type RuntimeOptions, type RuntimeSession } from "./runtime.ts";
import { seedFrom } from "./seed.ts";

/** What a forward pass keeps for tails: crossing tensors by the tail's input names, whole batches. */
type Crossing = ReadonlyMap<string, Constant>;

/** Everything a session at one tap needs to know. */
export interface TapPlan {
  readonly model: AnalysedModel;
  readonly description: ModelDescription;
  readonly tap: TapDescription;
  readonly head: TapHead;
  readonly tail: TailGraph;
  readonly runtime: RuntimeOptions;
}

/** Lazily loaded: a method that needs no gradient never pays for the backward graph. */
class Lazy<T extends { close(): Promise<void> }> {
  readonly #load: () => Promise<T>;
  #value: Promise<T> | null = null;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  get(): Promise<T> {
    return (this.#value ??= this.#load());
  }

  async close(): Promise<void> {
    const value = this.#value;
    this.#value = null;
    if (value)
      await value.then(
        (session) => session.close(),
        () => undefined,
      );
  }
}

/** The four primitives on one model at one tap. */
export function openTap(plan: TapPlan): TapSession {
  const { model, tap, head, tail, runtime, description } = plan;
  const forwardGraph: ForwardGraph = compileForward(model, tap, tail);
  let gradientGraph: GradientGraph | null = null;
  const forwards = new Lazy(() => createSession(forwardGraph.graph, runtime));
  const tails = new Lazy(() => createSession(tail.graph, runtime));
  const gradients = new Lazy(() => {
    gradientGraph ??= compileGradient(model, tap);
    return createSession(gradientGraph.graph, runtime);
  });
  const step = model.fixedBatch;

  return { description, tap, head, forward, gradient, tail: runTail, close };

  async function forward(images: Tensor): Promise<Forward> {
    const session = await forwards.get();
    const [rows = 0] = images.dims;
    const parts = await eachBatch(rows, async (from, count) => {
      const feeds = new Map([[model.image.name, toImages(model, rowsOf(images, from, count))]]);
      return session.run(feeds);
    });
    const crossing = [...forwardGraph.crossing].map(
      ([name, source]) => [name, stack(parts, source, rows)] as const,
    );
    return {
      logits: toTensor(stack(parts, forwardGraph.logits, rows)),
      activations: toTensor(stack(parts, forwardGraph.activations, rows)),
      context: new Map(crossing) satisfies Crossing,
    };
  }

  async function gradient(
    images: Tensor,
    seed: Tensor | "predicted" | "top-2",
  ): Promise<Forward & { readonly gradients: Tensor }> {
    if (head.weights) {
      const passed = await forward(images);
      const given = typeof seed === "string" ? seedFrom(passed.logits, seed) : seed;
      return { ...passed, gradients: affineGradients(head, given, tap.grid) };
    }
    const session = await gradients.get();
    const graph = gradientGraph;
    if (!graph) throw new RangeError("the gradient session was closed");
    const [rows = 0] = images.dims;
    const parts = await eachBatch(rows, (from, count) =>
      session.run(
        new Map([
          [model.image.name, toImages(model, rowsOf(images, from, count))],
          ...seedFeeds(graph, seed, from, count),
        ]),
      ),
    );
    return {
      logits: toTensor(stack(parts, graph.logits, rows)),
      activations: toTensor(stack(parts, graph.activations, rows)),
      gradients: toTensor(stack(parts, graph.gradients, rows)),
      context: images,
    };
  }

  function seedFeeds(
    graph: GradientGraph,
    seed: Tensor | "predicted" | "top-2",
    from: number,
    count: number,
  ): [string, Constant][] {
    const { classes } = model.logits;
    const weights =
      typeof seed === "string"
        ? { dims: [count, classes], data: new Float32Array(count * classes) }
        : rowsOf(seed, from, count);
    const automatic = Float32Array.of(Number(seed === "predicted"), Number(seed === "top-2"));
    return [
      [graph.weights, toConstant(weights)],
      [graph.automatic, toConstant({ dims: [2], data: automatic })],
    ];
  }

  async function runTail(from: Forward, activations: Tensor, rows: Int32Array): Promise<Tensor> {
    const session = await tails.get();
    const crossing = await crossingOf(from);
    const names = [...tail.crossing, ...(tail.prefix ? [tail.prefix] : [])];
    const parts = await eachBatch(rows.length, async (start, count) => {
      const picked = Array.from(
        { length: count },
        (_, i) => rows[Math.min(start + i, rows.length - 1)] ?? 0,
      );
      const feeds = new Map([[tail.activations, toConstant(rowsOf(activations, start, count))]]);
      for (const name of names) {
        const value = crossing.get(name);
        if (value) feeds.set(name, gather(value, picked, batchAxis(name)));
      }
      return session.run(feeds);
    });
    return toTensor(stack(parts, tail.logits, rows.length));
  }

  /** A gradient run keeps its images instead: what crosses the cut is made when a tail asks for it. */
  async function crossingOf(from: Forward): Promise<Crossing> {
    if (tail.crossing.length === 0 && !tail.prefix) return new Map();
    if (from.context instanceof Map) return from.context as Crossing; // made by `forward` above
    return (await forward(from.context as Tensor)).context as Crossing; // made by `gradient` above
  }

  /** Where a crossing tensor carries the batch, and how many entries one image has there. */
  function batchAxis(name: string): { axis: number; factor: number } {
    const factors = model.shapes.get(name)?.batchFactor ?? [1];
    const axis = factors.findIndex(Boolean);
    if (model.fixedBatch !== null || axis < 0) return { axis: 0, factor: 1 };
    return { axis, factor: factors[axis] ?? 1 };
  }

  /** Runs at any batch, or at the only one the model takes: the last picture fills it up. */
  async function eachBatch(
    rows: number,
    run: (from: number, count: number) => Promise<ReadonlyMap<string, Constant>>,
  ): Promise<ReadonlyMap<string, Constant>[]> {
    if (step === null) return [await run(0, rows)];
    const parts: ReadonlyMap<string, Constant>[] = [];
    for (let from = 0; from < rows; from += step) parts.push(await run(from, step));
    return parts;
  }

  async function close(): Promise<void> {
    await Promise.all([forwards.close(), gradients.close(), tails.close()]);
  }
}

function stack(
  parts: readonly ReadonlyMap<string, Constant>[],
  name: string,
  rows: number,
): Constant {
  const [only] = parts;
  const value = only?.get(name);
  if (parts.length === 1 && value) return value;
  return toConstant(
    stackRows(
      parts.map((part) => toTensor(part.get(name))),
      rows,
    ),
  );
}

/** The blocks of images `picked` along the batch axis. */
function gather(
  value: Constant,
  picked: readonly number[],
  { axis, factor }: { axis: number; factor: number },
): Constant {
  const outer = sizeOf(value.dims.slice(0, axis));
  const extent = value.dims[axis] ?? 1;
  const block = (value.bytes.length / outer / extent) * factor;
  const bytes = new Uint8Array(outer * picked.length * block);
  const images = extent / factor;
  for (let o = 0; o < outer; o++)
    picked.forEach((image, i) => {
      const from = (o * images + image) * block;
      bytes.set(value.bytes.subarray(from, from + block), (o * picked.length + i) * block);
    });
  const dims = value.dims.map((dim, i) => (i === axis ? picked.length * factor : dim));
  return { type: value.type, dims, bytes };
}

export type { RuntimeSession };
