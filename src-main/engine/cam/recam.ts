import type { Fitted } from "../../../shared/domain/fit.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { meanPerChannel, weightedSum } from "../kernels/maps.ts";
import { gradientsFor } from "./head.ts";
import { definePassMethod, type MapItem, type MapTools } from "./method.ts";
import { fitHead, maskedFeature, mixHeads } from "./recam-head.ts";

/**
 * ReCAM, Chen et al. 2022, https://arxiv.org/abs/2203.00962, with the network frozen: a surrogate, not the paper's training
 *
 *   M_k = relu(A_k) / (max relu(A_k) + 1e-5);   f_k = mean over p of M_k(p) F(:, p)     per labelled image and label
 *   W″ = softmax regression of k on f_k                                               no bias
 *   map = sum over channels of (W″ ⊙ W)_c F
 *
 * Each f has one label, so classes compete. A class without five vectors keeps the model's own weights (noted). Without a pooled
 * linear head the mask is Grad-CAM's and the map is W″'s alone.
 */
export const reCam = definePassMethod({
  id: "recam",
  needs: ["activations"],
  uses: ["gradient"],
  requires: ({ classes }) =>
    classes > 1 ? null : { code: "method/one-output", details: { method: "ReCAM" } },
  forwards: () => 1,
  fit: {
    vector: async (tools, item) =>
      maskedFeature(item.activations, await classMap(tools, item), item.k),
    solve: fitHead,
  },
  async map(tools, item) {
    const { fitted, activations } = item;
    if (!fitted) fail("method/needs-labels", { method: "ReCAM" });
    const plain = await classMap(tools, item);
    const weights = mixedWeights(item, fitted);
    if (!weights) return { map: plain, notes: { fallback: 1, change: 0 } };
    const map = weightedSum(activations, weights);
    return { map, notes: { fallback: 0, change: changeBetween(plain, map) } };
  },
});

/** The plain map of the target `[n]`: CAM on a pooled linear head, else Grad-CAM times n. */
async function classMap(tools: MapTools, item: MapItem): Promise<Float32Array> {
  const { activations, k, h, w, seed } = item;
  const weights = meanPerChannel(await gradientsFor(tools, item, seed), k);
  return weightedSum(
    activations,
    weights.map((weight) => weight * h * w),
  );
}

/** Weights `[K]` of the target score; null where one of its classes took no part in the fit. */
function mixedWeights(
  { headWeights, isPooledLinear, seed, k, h, w }: MapItem,
  { values, facts }: Fitted,
): Float64Array | null {
  const mixed = new Float64Array(k);
  for (let c = 0; c < seed.length; c++) {
    if (seed[c] === 0) continue;
    if (!facts.classes.includes(c)) return null;
    const at = [c * k, (c + 1) * k] as const;
    const own =
      headWeights && isPooledLinear
        ? headWeights.data.subarray(...at).map((weight) => weight * h * w)
        : null;
    const row = mixHeads(own, values.subarray(...at), facts.mix);
    for (let i = 0; i < k; i++) mixed[i] += seed[c] * row[i];
  }
  return mixed;
}

/** Mean absolute difference of two maps cut at 0 and brought to a maximum of 1. */
export function changeBetween(a: Float32Array, b: Float32Array): number {
  const [ofA, ofB] = [a, b].map(
    (map) => map.reduce((most, value) => Math.max(most, value), 0) || 1,
  );
  let sum = 0;
  for (let p = 0; p < a.length; p++)
    sum += Math.abs(Math.max(0, a[p]) / ofA - Math.max(0, b[p]) / ofB);
  return sum / a.length;
}
