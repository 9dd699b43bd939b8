import type { Forward, Reading, TapHead, TapSession } from "../../../shared/domain/engine.ts";
import type { MethodSupport, ModelDescription } from "../../../shared/domain/model.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { ModelStructure } from "../../../shared/domain/structure.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { affineGradients } from "../session/closed-form.ts";
import { rowsOf } from "../session/feed.ts";
import { seedFrom, type Seed } from "../session/seed.ts";
import { checkGradient, type SelfCheck } from "../session/self-check.ts";
import { toGrid } from "./grid.ts";
import { nameKernels } from "./missing-kernel.ts";
import { feedPictures } from "./pictures.ts";
import type { DeviceTensor } from "./program.ts";
import { readValues } from "./read-values.ts";
import type { Relevance } from "./relevance.ts";
import { joinRows } from "./rows.ts";
import { inScope, toDevice, toHost } from "./scope.ts";
import { crossingOf, forwardNames, runTail, scoresFrom, type Crossing, type Cut } from "./tail.ts";

/** Everything a session at one tap needs to know. */
export interface TapPlan extends Cut {
  readonly head: TapHead;
  readonly methods: readonly MethodSupport[];
  readonly description: ModelDescription;
  readonly relevance: Relevance;
  readonly structure: ModelStructure;
}

/** Results of the self-check by model and tap: a process checks each pair once. */
const selfChecks = new Map<string, SelfCheck>();

/** Kept of a forward pass for its tails. */
interface Context {
  readonly crossing: Crossing;
  readonly images: number;
}

/**
 * The four primitives on TensorFlow.js. Each runs in one scope and returns host arrays, so that nothing stays on the device
 * whatever becomes of the results. The gradient is `tf.grad` over the tail alone.
 */
export function openTap(plan: TapPlan): TapSession {
  const { model, tap, head, methods, description, runtime } = plan;
  const { tf, device } = runtime;
  const { program } = model;

  async function forward(images: Tensor): Promise<Forward> {
    return joinForwards(eachBatch(images, (batch) => pass(batch).result));
  }

  /** A forward pass, its tensors still in the caller's scope. */
  function pass(images: Tensor) {
    const feeds = new Map([feedPictures(tf, model, images)]);
    const values = nameKernels(() => program.run(feeds, forwardNames(plan)), {
      program,
      feeds,
      tf,
      device,
    });
    const [own, scores] = values;
    if (!own || !scores) throw new RangeError("the model made no activations");
    const context: Context = { crossing: crossingOf(plan, values), images: images.dims[0] ?? 0 };
    const logits = toHost(tf.reshape(scores, [-1, model.outline.logits.classes]));
    const result = { logits, activations: toHost(toGrid(tf, own, tap)), context };
    return { own, values, feeds, result };
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
    const parts = eachBatch(images, (batch, from, count) => {
      const given = typeof seed === "string" ? seed : rowsOf(seed, from, count);
      return differentiate(batch, given);
    });
    const gradients = joinRows(parts.map((part) => part.gradients));
    const result = { ...joinForwards(parts), gradients };
    await trust(images, result, seed);
    return result;
  }

  function differentiate(images: Tensor, seed: Seed) {
    const { own, values, feeds, result } = pass(images);
    const given = typeof seed === "string" ? seedFrom(result.logits, seed) : seed;
    const weights = toDevice(tf, given);
    const [, , ...others] = values;
    const crossing = new Map<string, DeviceTensor>();
    plan.tail.crossing.forEach((name, i) => others[i] && crossing.set(name, others[i]));
    const slope = tf.grad((value) => tf.sum(tf.mul(scoresFrom(plan, value, crossing), weights)));
    const found = nameKernels(() => slopeOr(() => slope(own)), { program, feeds, tf, device });
    return { ...result, gradients: toHost(toGrid(tf, found, tap)) };
  }

  function slopeOr(run: () => DeviceTensor): DeviceTensor {
    try {
      return run();
    } catch (error) {
      const why = error instanceof Error ? error.message : "";
      if (!why.startsWith("Cannot compute gradient of y=f(x)")) throw error;
      return fail("gradient/no-path", { tap: tap.name });
    }
  }

  async function tail(from: Forward, activations: Tensor, rows: Int32Array): Promise<Tensor> {
    const { crossing, images } = from.context as Context; // `forward` and `gradient` put it there
    const parts = eachTail(activations, rows, (own, picked) =>
      toHost(runTail(plan, own, crossing, picked, images)),
    );
    return joinRows(parts, rows.length);
  }

  async function tailGradient(
    from: Forward,
    activations: Tensor,
    rows: Int32Array,
    seeds: Tensor,
  ): Promise<{ readonly logits: Tensor; readonly gradients: Tensor }> {
    const { crossing, images } = from.context as Context; // `forward` and `gradient` put it there
    const feeds = new Map<string, DeviceTensor>();
    const parts = eachTail(activations, rows, (own, picked, at) => {
      const weights = toDevice(tf, rowsOf(seeds, at, picked.length));
      const scores = runTail(plan, own, crossing, picked, images);
      const slope = tf.grad((value) =>
        tf.sum(tf.mul(runTail(plan, value, crossing, picked, images), weights)),
      );
      const found = nameKernels(() => slopeOr(() => slope(own)), { program, feeds, tf, device });
      return { logits: toHost(scores), gradients: toHost(found) };
    });
    return {
      logits: joinRows(
        parts.map(({ logits }) => logits),
        rows.length,
      ),
      gradients: joinRows(
        parts.map(({ gradients }) => gradients),
        rows.length,
      ),
    };
  }

  /** Changed activations at any batch, or at the only one the model takes. Each in its own scope. */
  function eachTail<T>(
    activations: Tensor,
    rows: Int32Array,
    run: (own: DeviceTensor, picked: readonly number[], at: number) => T,
  ): T[] {
    const step = model.image.fixedBatch ?? Math.max(1, rows.length);
    const parts: T[] = [];
    for (let at = 0; at < rows.length; at += step) {
      const picked = Array.from(
        { length: step },
        (_, i) => rows[Math.min(at + i, rows.length - 1)] ?? 0,
      );
      parts.push(inScope(tf, () => run(toDevice(tf, rowsOf(activations, at, step)), picked, at)));
    }
    return parts;
  }

  /** Once per model and tap: the first image's gradient against measured slopes. */
  async function trust(
    images: Tensor,
    result: Forward & { readonly gradients: Tensor },
    seed: Seed,
  ): Promise<void> {
    const key = `${description.sha256} ${tap.name} ${device}`;
    const given = typeof seed === "string" ? seedFrom(result.logits, seed) : seed;
    const found =
      selfChecks.get(key) ??
      (await checkGradient({
        from: await forward(rowsOf(images, 0, 1)),
        activations: rowsOf(result.activations, 0, 1),
        gradients: rowsOf(result.gradients, 0, 1),
        seed: rowsOf(given, 0, 1),
        tail,
      }));
    selfChecks.set(key, found);
    if (found.kind === "no-influence")
      fail("tap/no-path", { tap: tap.name, next: model.outline.taps[0]?.name ?? "" });
    if (found.kind === "differs")
      fail("gradient/self-check", { tap: tap.name, error: found.error.toPrecision(2) });
  }

  /** At any batch, or at the only one the model takes: the last picture fills it up. Each in its own scope. */
  function eachBatch<T>(
    images: Tensor,
    run: (batch: Tensor, from: number, count: number) => T,
  ): Batch<T>[] {
    const [rows = 0] = images.dims;
    const step = model.image.fixedBatch ?? Math.max(1, rows);
    const parts: Batch<T>[] = [];
    for (let from = 0; from < rows; from += step) {
      const part = inScope(tf, () => run(rowsOf(images, from, step), from, step));
      parts.push({ ...part, rows: Math.min(step, rows - from) });
    }
    return parts;
  }

  return {
    description,
    tap,
    head,
    structure: plan.structure,
    methods,
    forward,
    gradient,
    tail,
    tailGradient,
    read: async (images, names, seed): Promise<Reading> =>
      readValues({ model, runtime }, images, names, seed),
    relevance: (images, components, from, to) => plan.relevance.sweep(images, components, from, to),
    close: async () => {},
  };
}

/** What one batch gave, and how many of its rows are pictures. */
type Batch<T> = T & { readonly rows: number };

function joinForwards(parts: readonly Batch<Forward>[]): Forward {
  const total = parts.reduce((sum, { rows }) => sum + rows, 0);
  const crossings = parts.map(({ context }) => (context as Context).crossing); // made by `pass`
  const names = [...(crossings[0]?.keys() ?? [])];
  const crossing: Crossing = new Map(
    names.map((name) => [name, joinRows(crossings.flatMap((one) => one.get(name) ?? []))]),
  );
  const images = parts.reduce((sum, { context }) => sum + (context as Context).images, 0); // made by `pass`
  return {
    logits: joinRows(
      parts.map(({ logits }) => logits),
      total,
    ),
    activations: joinRows(
      parts.map(({ activations }) => activations),
      total,
    ),
    context: { crossing, images } satisfies Context,
  };
}
