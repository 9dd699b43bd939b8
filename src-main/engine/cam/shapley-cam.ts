import { meanPerChannel, weightedSum } from "../kernels/maps.ts";
import { dot, softmax } from "../kernels/scores.ts";
import { gradientsFor } from "./head.ts";
import { definePassMethod, type MapItem, type MapTools } from "./method.ts";

/** Step of the central difference of the logits along A. */
const step = 1e-2;

/**
 * ShapleyCAM, Cai 2025, https://arxiv.org/abs/2501.06261
 *
 *   t = y_c + log p_c                                   the ReST target
 *   w_k = mean over (i, j) of ( ∇t − ½ ∇²t·A )_k
 *   map = sum over k of w_k A_k
 *
 * Through a tail that is linear in pieces only the softmax bends: ∇²t = −Jᵀ S J with J = ∂y/∂A and S = diag p − p pᵀ. Both terms
 * are then one gradient,
 *
 *   ∇t − ½ ∇²t·A = Jᵀ ( 2 e_c − p + ½ S (J A) ),
 *
 * which on a pooled linear head is the closed form (2W_c − pᵀW)/n + (1/2n) Wᵀ S (W ā). J A is y − b where the tail is affine,
 * else one central difference of the tail along A. One output has no softmax: the map is Grad-CAM's.
 */
export const shapleyCam = definePassMethod({
  id: "shapley-cam",
  needs: ["activations"],
  uses: ["gradient", "tail"],
  requires: ({ head, tap, firstCurved }) => {
    const curved = head.weights ? null : firstCurved();
    return curved && { code: "method/curved-tail", details: { tap: tap.name, op: curved.op } };
  },
  forwards: ({ head, tailShare }) => (head.weights ? 1 : 2 + 3 * tailShare),
  async map(tools, item) {
    const { activations, logits, seed, k } = item;
    const along = await slopesAlong(tools, item);
    const mixed = restSeed(seed, logits, along);
    return weightedSum(activations, meanPerChannel(await gradientsFor(tools, item, mixed), k));
  },
});

/** Weights of the logits in `∇t − ½ ∇²t·A` for `t = Σ seed_c (y_c + log p_c)`, given `J A`. */
function restSeed(seed: Float32Array, logits: Float32Array, along: Float64Array): Float32Array {
  if (logits.length === 1) return seed;
  const p = softmax(logits);
  const total = seed.reduce((sum, own) => sum + own, 0);
  const mean = dot(p, along);
  return seed.map((own, c) => 2 * own - total * p[c] + (total / 2) * p[c] * (along[c] - mean));
}

/** `J A [C]`: how the logits change as all activations grow by the same share. */
async function slopesAlong(tools: MapTools, item: MapItem): Promise<Float64Array> {
  const { activations, logits, headBias, k, h, w } = item;
  if (headBias) return Float64Array.from(logits, (y, c) => y - headBias[c]);
  const size = k * h * w;
  const data = new Float32Array(2 * size);
  for (let i = 0; i < size; i++) {
    data[i] = activations[i] * (1 + step);
    data[size + i] = activations[i] * (1 - step);
  }
  const ends = (await tools.tail({ dims: [2, k, h, w], data })).data;
  const classes = logits.length;
  return Float64Array.from(logits, (_, c) => (ends[c] - ends[classes + c]) / (2 * step));
}
