import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { GradientGraph } from "../compile/gradient.ts";
import { bytesOf } from "../onnx/constant.ts";
import type { Constant } from "../onnx/graph.ts";
import { rowsOf, toConstant } from "./feed.ts";

/** Weights of the logits `[N,C]`, or what the engine finds itself. */
export type Seed = Tensor | "predicted" | "top-2";

/** What a gradient graph is fed for rows `from … from + count`. */
export function seedFeeds(
  { seed: inputs }: GradientGraph,
  seed: Seed,
  from: number,
  count: number,
  classes: number,
): [string, Constant][] {
  const automatic = Float32Array.of(
    Number(seed === "predicted" || (seed === "top-2" && inputs.kind === "sparse")),
    seed !== "top-2" ? 0 : inputs.kind === "sparse" ? -1 : 1,
  );
  const own: [string, Constant] = [inputs.automatic, toConstant({ dims: [2], data: automatic })];
  const given = typeof seed === "string" ? null : rowsOf(seed, from, count);
  if (inputs.kind === "dense") {
    const none = { dims: [count, classes], data: new Float32Array(given ? 0 : count * classes) };
    return [[inputs.weights, toConstant(given ?? none)], own];
  }
  const { picked, shares } = sparse(given, count, classes);
  return [[inputs.picked, picked], [inputs.shares, shares], own];
}

/** The classes with a weight, and their weights; every row as long as the longest. */
function sparse(seed: Tensor | null, count: number, classes: number) {
  const rows = Array.from({ length: count }, (_, row) => {
    const found: number[] = [];
    for (let c = 0; seed && c < classes; c++) if (seed.data[row * classes + c]) found.push(c);
    return found;
  });
  const width = Math.max(1, ...rows.map((row) => row.length));
  const dims = [count, width];
  const [indices, weights] = [new BigInt64Array(count * width), new Float32Array(count * width)];
  rows.forEach((row, n) =>
    row.forEach((c, m) => {
      indices[n * width + m] = BigInt(c);
      weights[n * width + m] = seed?.data[n * classes + c] ?? 0;
    }),
  );
  const picked: Constant = { type: "i64", dims, bytes: bytesOf(indices) };
  return { picked, shares: toConstant({ dims, data: weights }) };
}

/** Seeds found from logits `[N,C]`: one-hot at the best class, or best minus runner-up. */
export function seedFrom(logits: Tensor, kind: "predicted" | "top-2"): Tensor {
  const [rows = 0, classes = 0] = logits.dims;
  const data = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const at = row * classes;
    const own = logits.data.subarray(at, at + classes);
    if (classes === 1) {
      data[at] = (own[0] ?? 0) > 0 ? 1 : -1;
      continue;
    }
    const best = bestOf(own, -1);
    data[at + best] = 1;
    if (kind === "top-2") data[at + bestOf(own, best)] = -1;
  }
  return { dims: [rows, classes], data };
}

/** The largest value's index, the first on ties, `except` left out. */
function bestOf(values: Float32Array, except: number): number {
  let best = -1;
  for (let i = 0; i < values.length; i++)
    if (i !== except && (best < 0 || (values[i] ?? 0) > (values[best] ?? 0))) best = i;
  return best;
}
