import { weightedSum } from "../kernels/maps.ts";
import { defineMethod } from "./method.ts";

const epsilon = 1e-6;

/**
 * Grad-CAM++, Chattopadhay et al. 2018, https://arxiv.org/abs/1710.11063
 *
 *   α_k[i, j] = G² / (2G² + S_k G³ + ε),  S_k = sum of A_k      eq. 19, under t = exp(y)
 *   w_k = sum over (i, j) of α_k relu(G_k)
 *   map = sum over k of w_k A_k
 *
 * The factor exp(y) is a positive constant of the image and is left out: it only adds overflow.
 */
export const gradCamPlusPlus = defineMethod({
  id: "grad-cam++",
  needs: ["activations", "gradients"],
  compute({ activations, gradients, k, h, w }) {
    const n = h * w;
    const weights = new Float64Array(k);
    for (let channel = 0; channel < k; channel++) {
      const from = channel * n;
      let sum = 0;
      for (let p = from; p < from + n; p++) sum += activations[p];
      let weight = 0;
      for (let p = from; p < from + n; p++) {
        const g = gradients[p];
        if (!(g > 0)) continue;
        const denominator = 2 * g * g + sum * g * g * g + epsilon;
        if (Math.abs(denominator) >= 1e-12) weight += ((g * g) / denominator) * g;
      }
      weights[channel] = weight;
    }
    return weightedSum(activations, weights);
  },
});
