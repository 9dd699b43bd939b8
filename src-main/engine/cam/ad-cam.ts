import { diffuse, featureAffinity, refine, rowStochastic } from "../kernels/affinity.ts";
import { meanPerChannel, weightedSum } from "../kernels/maps.ts";
import { attentionAt, namesOf } from "./attention-map.ts";
import { definePassMethod, type MapItem, type MapTools } from "./method.ts";

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
 *   P_ij = Ā_ij / Σ_j Ā_ij             Ā: mean over heads and blocks of attention between patches, else relu(cos(F_i, F_j))
 *   C_ij = Σ_k √(P_ik P_jk)            how far i and j attend to the same neighbours
 *   R_ij = P_ij C_ij                   conservative: attention is only ever taken away
 *   T_ij = R_ij / Σ_j R_ij
 *   map_j = Σ_i M_i T_ij               convincing: i hands its activation on in shares
 *
 * M is the positive part of Grad-CAM, which is CAM's over n where pooling and one linear layer follow. Attention is taken where
 * every block attends over all tokens of the tap's own grid; prefix tokens are left off. In convolutional networks, in windowed
 * attention and where an operator hides it, likeness of features stands in for it (noted).
 */
export const adCam = definePassMethod({
  id: "ad-cam",
  needs: ["activations", "gradients"],
  uses: ["read"],
  forwards: ({ structure: { attention }, head, tailShare }) =>
    (head.weights ? 1 : 1 + tailShare) + Number(attention?.scope === "whole"),
  requires: ({ tap: { grid } }) => {
    const [, h, w] = grid;
    return h * w > mostCells
      ? {
          code: "method/too-many-cells",
          details: { method: "AD-CAM", grid: `${h} × ${w}`, most: mostCells },
        }
      : null;
  },
  async map(tools, item) {
    const { activations, gradients, k, h, w } = item;
    const plain = weightedSum(activations, meanPerChannel(gradients, k));
    const base = plain.map((value) => Math.max(0, value));
    const n = h * w;
    const attention = await meanAttention(tools, item);
    const p = rowStochastic(attention ?? featureAffinity(activations, k), n);
    const t = rowStochastic(refine(p, n, adCamDefaults), n);
    const map = Float32Array.from(diffuse(base, t, adCamDefaults));
    return { map, notes: { attention: Number(attention !== null) } };
  },
});

/** Attention between the patches `[n,n]`, mean over heads and blocks; null where none covers the tap's grid. */
async function meanAttention(tools: MapTools, item: MapItem): Promise<Float64Array | null> {
  const { h, w, image } = item;
  const { attention } = item.structure;
  if (attention?.scope !== "whole" || attention.grid[0] !== h || attention.grid[1] !== w)
    return null;
  const { sites, tokens, prefixTokens } = attention;
  const reading = await tools.read(image, namesOf(sites), null);
  const n = h * w;
  const mean = new Float64Array(n * n);
  for (const site of sites) {
    const { probabilities, heads } = attentionAt(site, reading);
    for (let head = 0; head < heads; head++)
      for (let i = 0; i < n; i++) {
        const from = (head * tokens + prefixTokens + i) * tokens + prefixTokens;
        for (let j = 0; j < n; j++)
          mean[i * n + j] += probabilities[from + j] / (heads * sites.length);
      }
  }
  return mean;
}
