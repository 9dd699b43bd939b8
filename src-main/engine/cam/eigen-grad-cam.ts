import { pearson } from "../../../shared/statistics/correlation.ts";
import { sumOverChannels } from "../kernels/maps.ts";
import { firstPrincipal } from "../kernels/principal.ts";
import { signed } from "./eigen-sign.ts";
import { defineMethod } from "./method.ts";

/**
 * EigenGradCAM, as in pytorch-grad-cam, https://github.com/jacobgil/pytorch-grad-cam
 *
 *   X [n,K] = G ⊙ A with channel means taken off;  map = X v₁, its sign that of HiResCAM (positive correlation)
 */
export const eigenGradCam = defineMethod({
  id: "eigen-grad-cam",
  needs: ["activations", "gradients"],
  compute({ activations, gradients, k }) {
    const products = activations.map((a, i) => a * gradients[i]);
    const { projection, share } = firstPrincipal(products, k);
    const hiRes = sumOverChannels(gradients, activations, k, (g, a) => g * a);
    const agreement = pearson(projection, hiRes);
    const { isFlipped } = signed(projection);
    const flip = Number.isNaN(agreement) ? isFlipped : agreement < 0;
    return {
      map: Float32Array.from(projection, (value) => (flip ? -value : value)),
      notes: { firstComponentShare: share },
    };
  },
});
