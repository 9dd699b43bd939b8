import { sumOverChannels } from "../kernels/maps.ts";
import { defineMethod } from "./method.ts";

/**
 * Element-wise Grad-CAM, as in pytorch-grad-cam, https://github.com/jacobgil/pytorch-grad-cam
 *
 *   map = sum over k of relu(G_k ⊙ A_k)           ReLU before the sum: nothing cancels
 */
export const gradCamElementwise = defineMethod({
  id: "grad-cam-elementwise",
  needs: ["activations", "gradients"],
  compute({ activations, gradients, k }) {
    return sumOverChannels(gradients, activations, k, (g, a) => Math.max(0, g * a)); // [H,W]
  },
});
