import { sumOverChannels } from "../kernels/maps.ts";
import { defineMethod } from "./method.ts";

/**
 * LayerCAM, Jiang et al. 2021, https://doi.org/10.1109/TIP.2021.3089943
 *
 *   map = sum over k of relu(G_k) ⊙ A_k
 */
export const layerCam = defineMethod({
  id: "layercam",
  needs: ["activations", "gradients"],
  compute({ activations, gradients, k }) {
    return sumOverChannels(gradients, activations, k, (g, a) => (g > 0 ? g * a : 0)); // [H,W]
  },
});
