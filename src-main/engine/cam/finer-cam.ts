import { meanPerChannel, weightedSum } from "../kernels/maps.ts";
import { gradientsFor } from "./head.ts";
import { definePassMethod } from "./method.ts";

/** Share of the similar classes' mean that is taken off, and how many there are. */
const share = 0.6;
const rivals = 3;

/**
 * Finer-CAM, Zhang et al. 2025, https://arxiv.org/abs/2501.11309
 *
 *   t = y_c − γ · mean of y_d over the T classes whose logits are nearest to y_c;  γ = 0.6, T = 3
 *   map = Grad-CAM of t
 *
 * The classes are told apart before any ReLU: weights are those of the contrast. With one output there is nothing to tell
 * apart, and the map is Grad-CAM's.
 */
export const finerCam = definePassMethod({
  id: "finer-cam",
  needs: ["activations"],
  uses: ["gradient"],
  forwards: ({ head, tailShare }) => (head.weights ? 1 : 2 + tailShare),
  async map(tools, item) {
    const { seed, logits, target, activations, k } = item;
    const contrast = contrastOf(seed, logits, target, share);
    return weightedSum(activations, meanPerChannel(await gradientsFor(tools, item, contrast), k));
  },
});

/** The seed with `γ / T` taken off at each of the classes nearest to the target; ties go to the lower index. */
export function contrastOf(
  seed: Float32Array,
  logits: Float32Array,
  target: number,
  gamma: number,
): Float32Array {
  const contrast = seed.slice();
  if (logits.length === 1) return contrast;
  const distance = (c: number) => Math.abs(logits[c] - logits[target]);
  const nearest = [...logits.keys()]
    .filter((c) => c !== target)
    .sort((a, b) => distance(a) - distance(b) || a - b)
    .slice(0, rivals);
  for (const c of nearest) contrast[c] -= gamma / nearest.length;
  return contrast;
}
