import { meanPerChannel, weightedSum } from "../kernels/maps.ts";
import { defineMethod } from "./method.ts";

/**
 * Grad-CAM, Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391
 *
 *   w_k = mean over (i, j) of dt / dA_k[i, j]     eq. 1
 *   map = sum over k of w_k A_k                   eq. 2; its ReLU belongs to the view
 */
export const gradCam = defineMethod({
  id: "grad-cam",
  needs: ["activations", "gradients"],
  compute({ activations, gradients, k }) {
    return weightedSum(activations, meanPerChannel(gradients, k)); // [H,W]
  },
});
