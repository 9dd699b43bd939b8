import type { Forward, TapSession } from "../../../shared/domain/engine.ts";
import type { Fitted } from "../../../shared/domain/fit.ts";
import type { MapFlag } from "../../../shared/domain/map-flag.ts";
import type { Target } from "../../../shared/domain/target.ts";
import type { Layout } from "../../../shared/domain/preparation.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { isFiniteArray } from "../kernels/maps.ts";
import { flagsOf, isMap } from "./flags.ts";
import { linearGradients } from "./head.ts";
import type { MapItem, MapTools, Method, RawMap } from "./method.ts";
import type { OtherModel } from "./other-model.ts";
import { chooseTarget, type ChosenTarget } from "./target.ts";

/** One method's map of one image: raw, `[H,W]`, or null with the flag that says why. */
export interface ExplainedMap {
  readonly map: Float32Array | null;
  readonly flags: readonly MapFlag[];
  readonly notes: Readonly<Record<string, number>>;
}

export interface ExplainedItem {
  readonly logits: Float32Array;
  /** The class explained; null where the image has no label that the model knows. */
  readonly target: number | null;
  /** In the order of `methods`. */
  readonly maps: readonly ExplainedMap[];
}

export interface ExplainRequest {
  readonly session: TapSession;
  readonly methods: readonly Method[];
  /** `[N,…]` as the preparation lays them out. */
  readonly images: Tensor;
  readonly layout: Layout;
  readonly target: Target;
  /** Index of the model's output per image, null where unknown. */
  readonly labels: readonly (number | null)[];
  /** For what is random in a method, one per image; default 0 for each. */
  readonly randomSeeds?: readonly number[];
  /** `MapItem.inputSpread`; default 1. */
  readonly inputSpread?: number;
  /** Images that one forward pass carries at most in methods that order their own; default N. */
  readonly batch?: number;
  /** What the methods' fit gave, for those that learn before they map. */
  readonly fitted?: Fitted | null;
  /** Further models, for methods that compare. */
  readonly others?: readonly OtherModel[];
}

/** Floats of one tail call: 32 MiB of changed activations. */
const tailFloats = 8 * 1024 * 1024;

/**
 * Maps of a batch by one or several methods over one session: a single pass gives logits, activations and, where a method asks
 * for them and the head is not linear in the tap, gradients. A broken number in one image concerns that image alone.
 */
export async function explainBatch(request: ExplainRequest): Promise<readonly ExplainedItem[]> {
  const { session, methods, images } = request;
  const wantsGradients = methods.some((method) => method.needs.includes("gradients"));
  const pass = wantsGradients && !session.head.weights ? await gradientPass(request) : null;
  const forward = pass ?? (await session.forward(images));
  const [count, k, h, w] = forward.activations.dims;
  const classes = forward.logits.data.length / count;

  const items: ExplainedItem[] = [];
  for (let i = 0; i < count; i++) {
    const logits = rowOf(forward.logits, i);
    const chosen = chooseTarget(request.target, logits, request.labels[i] ?? null);
    if (!chosen) {
      const none: ExplainedMap = { map: null, flags: ["no-target"], notes: {} };
      items.push({ logits: logits.slice(), target: null, maps: methods.map(() => none) });
      continue;
    }
    const gradients = wantsGradients
      ? gradientsOf(session, pass?.gradients ?? null, i, chosen, { k, n: h * w, classes })
      : new Float32Array(0);
    const item: MapItem = {
      ...mapItemOf(request, forward, i, chosen),
      gradients,
      randomSeed: request.randomSeeds?.[i] ?? 0,
      inputSpread: request.inputSpread ?? 1,
      fitted: request.fitted ?? null,
      others: request.others?.length ?? 0,
    };
    const tools = toolsFor(session, forward, i, request.batch ?? count, k * h * w, request.others);
    const maps: ExplainedMap[] = [];
    for (const method of methods) maps.push(await explainOne(method, tools, item));
    items.push({ logits: logits.slice(), target: chosen.target, maps });
  }
  return items;
}

/** Image `i` of a forward pass as methods see it, without gradients, chance or fit. */
export function mapItemOf(
  { session, images, layout }: Pick<ExplainRequest, "session" | "images" | "layout">,
  forward: Forward,
  i: number,
  chosen: ChosenTarget,
): MapItem {
  const [, k, h, w] = forward.activations.dims;
  return {
    ...chosen,
    activations: rowOf(forward.activations, i),
    gradients: new Float32Array(0),
    k,
    h,
    w,
    logits: rowOf(forward.logits, i),
    image: { dims: [1, ...images.dims.slice(1)], data: rowOf(images, i) },
    layout,
    headWeights: session.head.weights,
    headBias: session.head.bias,
    isPooledLinear: session.head.kind === "pooled-linear",
    isTokens: session.tap.layout === "tokens",
    tap: session.tap,
    structure: session.structure,
    randomSeed: 0,
    inputSpread: 1,
    fitted: null,
    others: 0,
  };
}

/** One method on one item: a map with its flags, or none with the flag that says why. */
export async function explainOne(
  method: Method,
  tools: MapTools,
  item: MapItem,
): Promise<ExplainedMap> {
  const { activations, gradients, k, h, w, logits, seed, target } = item;
  const broken =
    !isFiniteArray(activations) ||
    (method.needs.includes("gradients") && !isFiniteArray(gradients));
  if (broken) return { map: null, flags: ["non-finite"], notes: {} };
  if (h * w === 1) return { map: null, flags: ["no-spatial-extent"], notes: {} };

  const made =
    "map" in method
      ? await method.map(tools, item)
      : method.compute({
          activations,
          gradients,
          headWeights: item.headWeights ?? { dims: [0], data: new Float32Array(0) },
          k,
          h,
          w,
          logits,
          seed,
          target,
        });
  const raw: RawMap = made instanceof Float32Array ? { map: made } : made;
  const flags = [...new Set([...(raw.flags ?? []), ...flagsOf(raw.map, h, w)])];
  return { map: isMap(flags) ? raw.map : null, flags, notes: raw.notes ?? {} };
}

/** One run with the seeds of all images; the predicted class is found inside it where that is what is asked. */
function gradientPass({ session, images, target, labels }: ExplainRequest) {
  const classes = session.description.output.classes;
  if (classes > 1 && (target.kind === "predicted" || target.kind === "top-2"))
    return session.gradient(images, target.kind);
  const count = images.dims[0];
  const seed = new Float32Array(count * classes);
  for (let i = 0; i < count; i++) {
    if (classes === 1) seed[i] = 1;
    else {
      const index = target.kind === "class" ? target.index : labels[i];
      if (index !== null && index !== undefined && index >= 0 && index < classes)
        seed[i * classes + index] = 1;
    }
  }
  return session.gradient(images, { dims: [count, classes], data: seed });
}

function gradientsOf(
  session: TapSession,
  gradients: Tensor | null,
  i: number,
  { seed }: ChosenTarget,
  { k, n, classes }: { k: number; n: number; classes: number },
): Float32Array {
  if (gradients) {
    const own = rowOf(gradients, i);
    return classes === 1 && seed[0] < 0 ? own.map((g) => -g) : own;
  }
  const head = session.head.weights;
  if (!head) throw new RangeError("no gradients and no linear head");
  return linearGradients(head, seed, k, n);
}

/** The passes a method may order, bound to image `i`; `batch` rows of whole inputs and `tapSize` floats a row. */
export function toolsFor(
  session: TapSession,
  from: Forward,
  i: number,
  batch: number,
  tapSize: number,
  others: readonly OtherModel[] = [],
): MapTools {
  return {
    other: (k) => others[k] ?? fail("method/needs-models", { method: `Model ${k + 1}` }),
    forwardChunk: Math.max(1, batch),
    tailChunk: Math.max(1, Math.min(256, Math.floor(tailFloats / tapSize))),
    forward: async (images) => (await session.forward(images)).logits,
    gradient: (images, seeds) => session.gradient(images, seeds),
    tailGradient: (activations, seeds) =>
      session.tailGradient(from, activations, new Int32Array(activations.dims[0]).fill(i), seeds),
    read: (image, names, seed, score) => session.read(image, names, seed, score),
    relevance: async (image, components, from, to) =>
      session.relevance?.(image, components, from, to) ??
      fail("relevance/no-graph", { tap: session.tap.name }),
    tail: (activations, kept) =>
      session.tail(from, activations, new Int32Array(activations.dims[0]).fill(i), kept),
  };
}

/** Row `i` of a tensor's first axis, as a view. */
export function rowOf(tensor: Tensor, i: number): Float32Array {
  const size = tensor.data.length / tensor.dims[0];
  return tensor.data.subarray(i * size, (i + 1) * size);
}
