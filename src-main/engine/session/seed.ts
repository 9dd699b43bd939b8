import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { GradientGraph } from "../compile.ts";
import type { Constant } from "../onnx/graph.ts";
import { rowsOf, toConstant } from "./feed.ts";

/** Weights of the logits `[N,C]`, or what the engine finds itself. */
export type Seed = Tensor | "predicted" | "top-2";

/** What a gradient graph is fed for rows `from … from + count`. */
export function seedFeeds(
  graph: GradientGraph,
  seed: Seed,
  from: number,
  count: number,
  classes: number,
): [string, Constant][] {
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
