import { meanPerChannel, sumOverChannels, weightedSum } from "../kernels/maps.ts";
import { definePassMethod, type MapInput, type RawMap } from "./method.ts";

/** `elementwise` keeps the sum rule place by place; `gap` averages the gradients first, as Grad-CAM does. */
export type CoarseWeights = "elementwise" | "gap";

/**
 * Extended-CAM, Kim et al. 2020, https://arxiv.org/abs/2001.05153, reconstructed from its abstract
 *
 *   E[i,j] = sum over k of G_k[i,j] A_k[i,j]        no ReLU, no rescaling: Σ E = y_c − b_c on a pooled linear head
 *   L = sum over (i, j) of E[i,j] · Gaussian centred on the receptive field of (i, j), as wide as it is effective
 *
 * E is stored, as every raw map is; L is its view (`shared/heatmap/gaussian-enlarge.ts`), and the tap carries the geometry. At a
 * scale-free tap E is rounding noise, so gradients are averaged there, which the notes say.
 */
export const extendedCam = definePassMethod({
  id: "extended-cam",
  needs: ["activations", "gradients"],
  map: async (_, item): Promise<RawMap> => {
    const { receptiveField: field, isScaleFree } = item.tap;
    return {
      map: coarseEvidence(item, isScaleFree ? "gap" : "elementwise"),
      notes: {
        averagedGradients: Number(isScaleFree),
        derivedField: Number(field?.isDerived ?? false),
        ...(field && {
          sigmaPx: (field.down.sigmaPx + field.across.sigmaPx) / 2,
          jumpPx: (field.down.jumpPx + field.across.jumpPx) / 2,
        }),
      },
    };
  },
});

/** The signed coarse map `[H,W]`. */
export function coarseEvidence(
  { activations, gradients, k }: Pick<MapInput, "activations" | "gradients" | "k">,
  weights: CoarseWeights,
): Float32Array {
  return weights === "gap"
    ? weightedSum(activations, meanPerChannel(gradients, k))
    : sumOverChannels(gradients, activations, k, (g, a) => g * a);
}
