import type { TapHead } from "../../../shared/domain/engine.ts";
import type { TapDescription } from "../../../shared/domain/model.ts";
import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";
import type { AffineGradient } from "../compile/affine.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import type { TailGraph } from "../compile/tail.ts";
import { createSession, type RuntimeOptions } from "./runtime.ts";
import { toConstant, toTensor } from "./feed.ts";

/** The head of a tail that no closed form describes. */
export const generalHead: TapHead = { kind: "general", weights: null, bias: null };

/** One run holds this many gradient values at most; position-dependent weights beyond it are not kept. */
const mostValues = 2 ** 24;
/** Pooling of equal shares is computed by the runtime: equal up to rounding. */
const tolerance = 1e-5;

/**
 * Weights of an affine tail: `G` depends on the class alone, so seeds of one class each give them all; the bias is what
 * the tail makes of zeros. Weights that are the same at every position are pooled: CAM exists. `G` is linear in the
 * seed, so one seed of many classes tells that for all of them.
 */
export async function solveAffine(
  affine: AffineGradient,
  tail: TailGraph,
  tap: TapDescription,
  model: AnalysedModel,
  options: RuntimeOptions,
): Promise<TapHead> {
  const [k, h, w] = tap.grid;
  const { classes } = model.logits;
  const rows = model.fixedBatch ?? 1;
  const mixed = Float32Array.from({ length: rows * classes }, (_, i) => Math.sin(i + 1));
  const [example] = await runSeeds(affine, [mixed], rows, classes, options);
  if (!example || example.length !== rows * k * h * w) return generalHead;
  const isPooled = isSameEverywhere(example, h * w);
  if (!isPooled && classes * k * h * w > mostValues) return generalHead;
  const perRun = model.fixedBatch ?? Math.max(1, Math.floor(mostValues / (k * h * w)));
  const seeds: Float32Array[] = [];
  for (let from = 0; from < classes; from += perRun)
    seeds.push(oneHots(from, Math.min(perRun, classes), classes));
  const source = isPooled ? { ...affine, ...affine.corner } : affine;
  const parts = await runSeeds(source, seeds, Math.min(perRun, classes), classes, options);
  const dims = isPooled ? [classes, k] : [classes, k, h, w];
  const data = new Float32Array(sizeOf(dims));
  const size = sizeOf(dims.slice(1));
  parts.forEach((part, i) => {
    const from = i * perRun * size;
    data.set(part.subarray(0, data.length - from), from);
  });
  const bias = await biasOf(tail, tap, model.fixedBatch ?? 1, options);
  const weights = { dims, data };
  return isPooled ? { kind: "pooled-linear", weights, bias } : { kind: "affine", weights, bias };
}

/** Gradients of several batches of seeds `[rows, classes]`, in one session. */
async function runSeeds(
  { graph, seed, gradients }: Pick<AffineGradient, "graph" | "seed" | "gradients">,
  seeds: readonly Float32Array[],
  rows: number,
  classes: number,
  options: RuntimeOptions,
): Promise<Float32Array[]> {
  const session = await createSession(graph, options);
  try {
    const results: Float32Array[] = [];
    for (const data of seeds) {
      const feeds = new Map([[seed, toConstant({ dims: [rows, classes], data })]]);
      results.push(toTensor((await session.run(feeds)).get(gradients)).data);
    }
    return results;
  } finally {
    await session.close();
  }
}

/** Rows of one class each, from class `from` on; rows beyond the last class stay 0. */
function oneHots(from: number, rows: number, classes: number): Float32Array {
  const data = new Float32Array(rows * classes);
  for (let row = 0; row < rows && from + row < classes; row++) data[row * classes + from + row] = 1;
  return data;
}

function isSameEverywhere(gradients: Float32Array, places: number): boolean {
  let [largest, spread] = [0, 0];
  gradients.forEach((value, i) => {
    spread = Math.max(spread, Math.abs(value - (gradients[i - (i % places)] ?? 0)));
    largest = Math.max(largest, Math.abs(value));
  });
  return spread <= tolerance * largest;
}

async function biasOf(
  tail: TailGraph,
  tap: TapDescription,
  rows: number,
  options: RuntimeOptions,
): Promise<Float32Array> {
  const dims = [rows, ...tap.grid];
  const zeros = toConstant({ dims, data: new Float32Array(sizeOf(dims)) });
  const session = await createSession(tail.graph, options);
  try {
    const result = await session.run(new Map([[tail.activations, zeros]]));
    const { data } = toTensor(result.get(tail.logits));
    return data.slice(0, data.length / rows);
  } finally {
    await session.close();
  }
}

/** `G` of an affine head for these seeds, `[N,K,H,W]`: a matrix product instead of a backward pass. */
export function affineGradients(head: TapHead, seed: Tensor, grid: TapDescription["grid"]): Tensor {
  const [k, h, w] = grid;
  const { weights } = head;
  if (!weights) throw new RangeError("a general head has no weights");
  const [rows = 0, classes = 0] = seed.dims;
  const size = k * h * w;
  const data = new Float32Array(rows * size);
  const isPooled = weights.dims.length === 2;
  const width = isPooled ? k : size;
  for (let row = 0; row < rows; row++) {
    const target = data.subarray(row * size, (row + 1) * size);
    const sums = isPooled ? new Float32Array(width) : target;
    for (let c = 0; c < classes; c++) {
      const share = seed.data[row * classes + c] ?? 0;
      if (share === 0) continue;
      const own = weights.data.subarray(c * width, (c + 1) * width);
      for (let i = 0; i < width; i++) sums[i]! += share * (own[i] ?? 0); // within the row
    }
    if (isPooled) sums.forEach((value, i) => target.fill(value, i * h * w, (i + 1) * h * w));
  }
  return { dims: [rows, k, h, w], data };
}
