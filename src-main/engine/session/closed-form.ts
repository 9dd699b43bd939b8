import type { TapHead } from "../../../shared/domain/engine.ts";
import type { TapDescription } from "../../../shared/domain/model.ts";
import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";
import type { AffineGradient, AnalysedModel, TailGraph } from "../compile.ts";
import { createSession, type RuntimeOptions } from "./runtime.ts";
import { toConstant, toTensor } from "./feed.ts";

/** The head of a tail that no closed form describes. */
export const generalHead: TapHead = { kind: "general", weights: null, bias: null };

/** One run holds this many gradient values at most; position-dependent weights beyond it are not kept. */
const mostValues = 2 ** 24;
/** Pooling of equal shares is computed by the runtime: equal up to rounding. */
const tolerance = 1e-5;

/**
 * Weights of an affine tail from one run with the identity as seeds, `G` depends on the class alone; the bias is what
 * the tail makes of zeros. Weights that are the same at every position are pooled: CAM exists.
 */
export async function solveAffine(
  affine: AffineGradient,
  tail: TailGraph,
  tap: TapDescription,
  { logits: { classes }, fixedBatch }: AnalysedModel,
  options: RuntimeOptions,
): Promise<TapHead> {
  const [k, h, w] = tap.grid;
  const places = h * w;
  const largest = Math.max(1, Math.min(classes, Math.floor(mostValues / (k * places))));
  const chunk = fixedBatch ?? largest;
  const pooled = new Float32Array(classes * k);
  let whole: Float32Array | null = null;
  let isPooled = true;
  const session = await createSession(affine.graph, options);
  try {
    for (let from = 0; from < classes; from += chunk) {
      const rows = Math.min(chunk, classes - from);
      const seed = new Float32Array(chunk * classes);
      for (let row = 0; row < rows; row++) seed[row * classes + from + row] = 1;
      const feeds = new Map([[affine.seed, toConstant({ dims: [chunk, classes], data: seed })]]);
      const all = toTensor((await session.run(feeds)).get(affine.gradients)).data;
      if (all.length !== chunk * k * places) return generalHead;
      const data = all.subarray(0, rows * k * places);
      isPooled &&= poolInto(pooled, data, from * k, places);
      if (isPooled) continue;
      if (classes * k * places > mostValues) return generalHead;
      if (!whole && from > 0) return generalHead; // the first classes looked pooled: rare, and only a shortcut
      whole ??= new Float32Array(classes * k * places);
      whole.set(data, from * k * places);
    }
  } finally {
    await session.close();
  }
  const bias = await biasOf(tail, tap, options);
  if (isPooled)
    return { kind: "pooled-linear", weights: { dims: [classes, k], data: pooled }, bias };
  if (!whole) return generalHead;
  return { kind: "affine", weights: { dims: [classes, k, h, w], data: whole }, bias };
}

/** Means over the positions; false when they differ. */
function poolInto(pooled: Float32Array, data: Float32Array, at: number, places: number): boolean {
  let largest = 0;
  let spread = 0;
  for (let row = 0; row < data.length / places; row++) {
    let sum = 0;
    const first = data[row * places] ?? 0;
    for (let i = 0; i < places; i++) {
      const value = data[row * places + i] ?? 0;
      sum += value;
      spread = Math.max(spread, Math.abs(value - first));
      largest = Math.max(largest, Math.abs(value));
    }
    pooled[at + row] = sum / places;
  }
  return spread <= tolerance * largest;
}

async function biasOf(
  tail: TailGraph,
  tap: TapDescription,
  options: RuntimeOptions,
): Promise<Float32Array> {
  const dims = [1, ...tap.grid];
  const zeros = toConstant({ dims, data: new Float32Array(sizeOf(dims)) });
  const session = await createSession(tail.graph, options);
  try {
    const result = await session.run(new Map([[tail.activations, zeros]]));
    return toTensor(result.get(tail.logits)).data;
  } finally {
    await session.close();
  }
}

/** `G` of an affine head for these seeds, `[N,K,H,W]`: a matrix product instead of a backward pass. */
export function affineGradients(head: TapHead, seed: Tensor, grid: TapDescription["grid"]): Tensor {
  const [k, h, w] = grid;
  const { weights } = head;
  const [rows = 0, classes = 0] = seed.dims;
  const places = h * w;
  const data = new Float32Array(rows * k * places);
  if (!weights) throw new RangeError("a general head has no weights");
  const isPooled = weights.dims.length === 2;
  const width = isPooled ? k : k * places;
  for (let row = 0; row < rows; row++) {
    const target = data.subarray(row * k * places, (row + 1) * k * places);
    for (let c = 0; c < classes; c++) {
      const share = seed.data[row * classes + c] ?? 0;
      if (share === 0) continue;
      const own = weights.data.subarray(c * width, (c + 1) * width);
      if (isPooled)
        for (let channel = 0; channel < k; channel++) {
          const value = share * (own[channel] ?? 0);
          for (let i = 0; i < places; i++) target[channel * places + i]! += value; // within the row
        }
      else for (let i = 0; i < width; i++) target[i]! += share * (own[i] ?? 0); // within the row
    }
  }
  return { dims: [rows, k, h, w], data };
}
