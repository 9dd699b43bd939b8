import { weightedSum } from "../kernels/maps.ts";
import { defineMethod } from "./method.ts";

const epsilon = 1e-7;

/**
 * XGrad-CAM, Fu et al. 2020, https://arxiv.org/abs/2008.02312
 *
 *   w_k = sum over (i, j) of G_k A_k / (sum over (i, j) of A_k + ε)
 *   map = sum over k of w_k A_k
 *
 * Signed activations can cancel to ΣA_k ≈ 0, which would blow the weight up: such a channel gets mean(G_k), and the share of
 * them is noted.
 */
export const xGradCam = defineMethod({
  id: "xgrad-cam",
  needs: ["activations", "gradients"],
  compute({ activations, gradients, k, h, w }) {
    const n = h * w;
    const weights = new Float64Array(k);
    let cancelled = 0;
    for (let channel = 0; channel < k; channel++) {
      let product = 0;
      let sum = 0;
      let magnitude = 0;
      let gradient = 0;
      for (let p = channel * n; p < (channel + 1) * n; p++) {
        product += gradients[p] * activations[p];
        sum += activations[p];
        magnitude += Math.abs(activations[p]);
        gradient += gradients[p];
      }
      const cancels = Math.abs(sum) < 1e-6 * magnitude;
      if (cancels) cancelled++;
      weights[channel] = cancels ? gradient / n : product / (sum + epsilon);
    }
    return { map: weightedSum(activations, weights), notes: { cancelledChannels: cancelled / k } };
  },
});
