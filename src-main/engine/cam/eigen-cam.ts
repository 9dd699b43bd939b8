import { firstPrincipal } from "../kernels/principal.ts";
import { signedMap } from "./eigen-sign.ts";
import { defineMethod } from "./method.ts";

/**
 * EigenCAM, Muhammad and Yeasin 2020, https://arxiv.org/abs/2008.00299
 *
 *   X [n,K] = A with channel means taken off;  map = X v₁, the projection on the first principal direction
 *
 * Class-agnostic. The sign of v₁ is arbitrary: the larger extreme is made positive; where both are alike within 5 %, the
 * sign that goes with Σ_k relu(A_k) is taken and the map is flagged.
 */
export const eigenCam = defineMethod({
  id: "eigen-cam",
  needs: ["activations"],
  compute({ activations, k }) {
    const { projection, share } = firstPrincipal(activations, k);
    return {
      ...signedMap(projection, activations, k),
      notes: { firstComponentShare: share },
    };
  },
});
