import { weightedSum } from "../kernels/maps.ts";
import { defineMethod } from "./method.ts";
import { pooledWeights } from "./head.ts";

/**
 * CAM, Zhou et al. 2016, https://arxiv.org/abs/1512.04150
 *
 *   map = sum over k of W[c, k] A_k
 *
 * Only where pooling and exactly one linear layer follow; the bias is dropped. The map is n times Grad-CAM's.
 */
export const cam = defineMethod({
  id: "cam",
  needs: ["activations", "headWeights"],
  requires: ({ head, tap }) =>
    head.kind === "pooled-linear" ? null : { code: "method/no-cam", details: { tap: tap.name } },
  compute({ activations, headWeights, seed, h, w }) {
    const weights = pooledWeights(headWeights, seed).map((weight) => weight * h * w); // [K]
    return weightedSum(activations, weights); // [H,W]
  },
});
