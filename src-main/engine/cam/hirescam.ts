import { sumOverChannels } from "../kernels/maps.ts";
import { defineMethod } from "./method.ts";

/**
 * HiResCAM, Draelos and Carin 2020, https://arxiv.org/abs/2011.08891
 *
 *   map = sum over k of G_k ⊙ A_k
 *
 * With one linear layer after A it decomposes the logit: the map's sum plus the bias is y_c.
 */
export const hiResCam = defineMethod({
  id: "hirescam",
  needs: ["activations", "gradients"],
  compute({ activations, gradients, k }) {
    return sumOverChannels(gradients, activations, k, (g, a) => g * a); // [H,W]
  },
});
