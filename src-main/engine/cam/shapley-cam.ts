import { meanPerChannel, weightedSum } from "../kernels/maps.ts";
import { dot, softmax } from "../kernels/scores.ts";
import { linearGradients } from "./head.ts";
import { definePassMethod, type MapItem, type MapTools } from "./method.ts";

/** Step of the central difference of the slopes along A. */
const step = 1e-3;

/**
 * ShapleyCAM, Cai 2025, https://arxiv.org/abs/2501.06261
 *
 *   t = y_c + log p_c                                   the ReST target
 *   w_k = mean over (i, j) of ( ∇t − ½ ∇²t·A )_k
 *   map = sum over k of w_k A_k
 *
 * With J = ∂y/∂A, ∇t = Jᵀ ( 2 e_c − p ). Where the head is linear in A only the softmax bends, ∇²t = −Jᵀ S J with S = diag p − p pᵀ,
 * and both terms are one gradient, Jᵀ ( 2 e_c − p + ½ S (J A) ) with J A = y − b. Elsewhere ∇²t·A is the central difference of ∇t
 * as A grows and shrinks by 1e-3: three slopes of the tail. One output has no softmax: its curvature is the tail's alone.
 */
export const shapleyCam = definePassMethod({
  id: "shapley-cam",
  needs: ["activations"],
  uses: ["gradient", "tail"],
  requires: ({ head, tap, rounds }) =>
    !head.weights && rounds ? { code: "method/rounded-tail", details: { tap: tap.name } } : null,
  forwards: ({ head, tailShare }) => (head.weights ? 1 : 1 + 8 * tailShare),
  async map(tools, item) {
    const { activations, k, h, w, headWeights } = item;
    const slopes = headWeights
      ? linearGradients(headWeights, bentSeed(item), k, h * w)
      : await bentSlopes(tools, item);
    return weightedSum(activations, meanPerChannel(slopes, k));
  },
});

/** `2 e_c − p`, of a contrast its weights' sum: what `∇t` weighs the logits with. */
function restSeed(seed: Float32Array, logits: Float32Array): Float32Array {
  if (logits.length === 1) return seed;
  const p = softmax(logits);
  const total = seed.reduce((sum, own) => sum + own, 0);
  return seed.map((own, c) => 2 * own - total * p[c]);
}

/** Weights of the logits in `∇t − ½ ∇²t·A` of a head that is linear in A. */
function bentSeed({ seed, logits, headBias }: MapItem): Float32Array {
  const straight = restSeed(seed, logits);
  if (logits.length === 1) return straight;
  const p = softmax(logits);
  const along = Float64Array.from(logits, (y, c) => y - (headBias?.[c] ?? 0));
  const total = seed.reduce((sum, own) => sum + own, 0);
  const mean = dot(p, along);
  return straight.map((own, c) => own + (total / 2) * p[c] * (along[c] - mean));
}

/** `∇t − ½ ∇²t·A`, `[K,n]`, by slopes at A, (1 + ε) A and (1 − ε) A. */
async function bentSlopes(tools: MapTools, item: MapItem): Promise<Float32Array> {
  const { activations, logits, seed, k, h, w } = item;
  const [size, classes] = [k * h * w, logits.length];
  const data = new Float32Array(3 * size);
  [1, 1 + step, 1 - step].forEach((scale, row) =>
    data.set(
      activations.map((a) => scale * a),
      row * size,
    ),
  );
  const moved = { dims: [3, k, h, w], data };
  const ends = await tools.tail({ dims: [2, k, h, w], data: data.subarray(size) });
  const seeds = new Float32Array(3 * classes);
  seeds.set(restSeed(seed, logits));
  for (const row of [1, 2]) {
    const own = ends.data.subarray((row - 1) * classes, row * classes);
    seeds.set(restSeed(seed, own), row * classes);
  }
  const { gradients } = await tools.tailGradient(moved, { dims: [3, classes], data: seeds });
  const slopes = gradients.data;
  return Float32Array.from(
    { length: size },
    (_, i) => slopes[i] - (slopes[size + i] - slopes[2 * size + i]) / (4 * step),
  );
}
