import { diffuse, featureAffinity, refine, rowStochastic } from "../kernels/affinity.ts";
import { meanPerChannel, weightedSum } from "../kernels/maps.ts";
import { definePassMethod } from "./method.ts";

/**
 * Frozen before anything was measured: Bhattacharyya overlap at power 1, one step of pushing, no restart.
 * Other values of the reconstruction stay reachable through the kernels.
 */
export const adCamDefaults = {
  kind: "bhattacharyya",
  gamma: 1,
  direction: "push",
  steps: 1,
  restart: 0,
} as const;

/** Cells compared pair by pair: 1024² pairs of 1024 neighbours take about a second. */
const mostCells = 1024;

/**
 * AD-CAM, Huang et al. 2022, https://arxiv.org/abs/2211.10931; reconstructed: only its abstract was at hand
 *
 *   P_ij = Ā_ij / Σ_j Ā_ij             Ā: relu(cos(F_i, F_j))
 *   C_ij = Σ_k √(P_ik P_jk)            how far i and j attend to the same neighbours
 *   R_ij = P_ij C_ij                   conservative: attention is only ever taken away
 *   T_ij = R_ij / Σ_j R_ij
 *   map_j = Σ_i M_i T_ij               convincing: i hands its activation on in shares
 *
 * M is the positive part of Grad-CAM, which is CAM's over n where pooling and one linear layer follow.
 */
export const adCam = definePassMethod({
  id: "ad-cam",
  needs: ["activations", "gradients"],
  requires: ({ tap: { grid } }) => {
    const [, h, w] = grid;
    return h * w > mostCells
      ? {
          code: "method/too-many-cells",
          details: { method: "AD-CAM", grid: `${h} × ${w}`, most: mostCells },
        }
      : null;
  },
  async map(_, { activations, gradients, k, h, w }) {
    const plain = weightedSum(activations, meanPerChannel(gradients, k));
    const base = plain.map((value) => Math.max(0, value));
    const n = h * w;
    const p = rowStochastic(featureAffinity(activations, k), n);
    const t = rowStochastic(refine(p, n, adCamDefaults), n);
    return { map: Float32Array.from(diffuse(base, t, adCamDefaults)) };
  },
});
