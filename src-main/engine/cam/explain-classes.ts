import type { Forward } from "../../../shared/domain/engine.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { explainOne, mapItemOf, toolsFor, type ExplainRequest } from "./explain.ts";
import type { ExplainedMap } from "./explain.ts";
import { linearGradients } from "./head.ts";
import type { Method } from "./method.ts";
import { chooseTarget, type ChosenTarget } from "./target.ts";

export interface ClassesRequest extends Pick<
  ExplainRequest,
  "session" | "layout" | "randomSeeds" | "inputSpread" | "fitted"
> {
  readonly method: Method;
  /** `[1,…]` */
  readonly image: Tensor;
  /** Indices of the model's outputs; of a single output 0 is its negative side and 1 its positive one. */
  readonly classes: readonly number[];
}

/**
 * One image's map for each of several classes. The layers before the tap run once; gradients of all classes are rows of one pass
 * through the tail.
 *
 * @returns logits `[C]`, and the maps in the order of `classes`
 */
export async function explainClasses(
  request: ClassesRequest,
): Promise<{ readonly logits: Float32Array; readonly maps: readonly ExplainedMap[] }> {
  const { session, method, image, classes, randomSeeds = [0], inputSpread = 1 } = request;
  const forward = await session.forward(image);
  const { data: logits } = forward.logits;
  const targets = classes.map((index) => {
    const chosen = chooseTarget({ kind: "class", index }, logits, null);
    if (!chosen) throw new RangeError(`the model has no class ${index}`);
    return chosen;
  });
  const gradients = method.needs.includes("gradients")
    ? await gradientsOf(request, forward, targets)
    : [];
  const [, k, h, w] = forward.activations.dims;
  const tools = toolsFor(session, forward, 0, classes.length, k * h * w);
  const maps: ExplainedMap[] = [];
  for (const [row, chosen] of targets.entries()) {
    const item = {
      ...mapItemOf({ session, images: image, layout: request.layout }, forward, 0, chosen),
      gradients: gradients[row] ?? new Float32Array(0),
      randomSeed: randomSeeds[0],
      inputSpread,
      fitted: request.fitted ?? null,
    };
    maps.push(await explainOne(method, tools, item));
  }
  return { logits, maps };
}

/** `∂t/∂A` of each target, `[K,n]`. */
async function gradientsOf(
  { session }: ClassesRequest,
  { activations, logits, context }: Forward,
  targets: readonly ChosenTarget[],
): Promise<Float32Array[]> {
  const [, k, h, w] = activations.dims;
  const { weights } = session.head;
  if (weights) return targets.map(({ seed }) => linearGradients(weights, seed, k, h * w));
  const [rows, size, outputs] = [targets.length, k * h * w, logits.data.length];
  const repeated = new Float32Array(rows * size);
  const seeds = new Float32Array(rows * outputs);
  targets.forEach(({ seed }, row) => {
    repeated.set(activations.data, row * size);
    seeds.set(seed, row * outputs);
  });
  const { gradients } = await session.tailGradient(
    { activations, logits, context },
    { dims: [rows, k, h, w], data: repeated },
    new Int32Array(rows),
    { dims: [rows, outputs], data: seeds },
  );
  return targets.map((_, row) => gradients.data.subarray(row * size, (row + 1) * size));
}
