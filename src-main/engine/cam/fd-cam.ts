import { extent, meanPerChannel, weightedSum } from "../kernels/maps.ts";
import { dot } from "../kernels/scores.ts";
import { groupsOf } from "../kernels/similarity.ts";
import { definePassMethod, type MapItem, type MapTools } from "./method.ts";

/** Quantile of a channel's similarities above which another belongs to its group. */
const quantile = 0.95;

/**
 * FD-CAM, Li et al. 2022, https://arxiv.org/abs/2206.08792
 *
 *   S_ij = cosine of A_i and A_j;  G_i = { j : S_ij > 0.95-quantile of S_i }
 *   s_i = t(A, only G_i) + t(A) − t(A, without G_i)
 *   g_k = mean over (i, j) of dt / dA_k
 *   w_k = exp(ŝ_k) ĝ_k − 0.5,  ŝ and ĝ: min-max over the channels
 *   map = sum over k of w_k A_k
 *
 * Where the head is linear in A, s_i = b + 2 · sum over j in G_i of Σ G_j A_j, and b falls out of ŝ: no tail pass. Scores or
 * gradients that are all alike count as 0.5 (noted), and so are signed activations, which the paper does not have.
 */
export const fdCam = definePassMethod({
  id: "fd-cam",
  needs: ["activations", "gradients"],
  forwards: ({ tap, head, tailShare }) =>
    head.weights ? 1 : 1 + tailShare + 2 * tap.grid[0] * tailShare,
  map: (tools, item) => switchedMap(tools, item, quantile),
});

/** The method at any quantile. */
export async function switchedMap(tools: MapTools, item: MapItem, q: number) {
  const { activations, gradients, k, headWeights } = item;
  const groups = groupsOf(activations, k, q);
  const scores = headWeights
    ? linearScores(item, groups)
    : await measuredScores(tools, item, groups);
  const [s, g] = [minMax(scores), minMax(meanPerChannel(gradients, k))];
  const weights = s.values.map((score, channel) => Math.exp(score) * g.values[channel] - 0.5);
  const [lowest] = extent(activations);
  return {
    map: weightedSum(activations, weights),
    notes: {
      constantWeights: Number(s.isConstant || g.isConstant),
      signedActivations: Number(lowest < 0),
    },
  };
}

/** What each group adds to the score, twice: kept alone and taken away. */
function linearScores({ activations, gradients, k, h, w }: MapItem, groups: readonly Int32Array[]) {
  const n = h * w;
  const shares = Float64Array.from({ length: k }, (_, channel) => {
    let sum = 0;
    for (let p = channel * n; p < (channel + 1) * n; p++) sum += gradients[p] * activations[p];
    return sum;
  });
  return Float64Array.from(groups, (group) => 2 * group.reduce((sum, j) => sum + shares[j], 0));
}

async function measuredScores(
  tools: MapTools,
  item: MapItem,
  groups: readonly Int32Array[],
): Promise<Float64Array> {
  const { activations, k, h, w, seed, logits } = item;
  const n = h * w;
  const scores = new Float64Array(k).fill(dot(seed, logits));
  // Row 2i keeps group i, row 2i + 1 takes it away.
  for (let from = 0; from < 2 * k; from += tools.tailChunk) {
    const rows = Math.min(tools.tailChunk, 2 * k - from);
    const data = new Float32Array(rows * k * n);
    for (let row = 0; row < rows; row++) {
      const isKept = (from + row) % 2 === 0;
      if (!isKept) data.set(activations, row * k * n);
      for (const j of groups[(from + row) >> 1]) {
        const at = (row * k + j) * n;
        if (isKept) data.set(activations.subarray(j * n, (j + 1) * n), at);
        else data.fill(0, at, at + n);
      }
    }
    const changed = (await tools.tail({ dims: [rows, k, h, w], data })).data;
    const classes = changed.length / rows;
    for (let row = 0; row < rows; row++) {
      const score = dot(seed, changed.subarray(row * classes, (row + 1) * classes));
      scores[(from + row) >> 1] += (from + row) % 2 === 0 ? score : -score;
    }
  }
  return scores;
}

/** Values on 0..1; all 0.5 where they differ by rounding alone. */
function minMax(values: Float64Array): { values: Float64Array; isConstant: boolean } {
  const [min, max] = extent(values);
  const isConstant = max - min <= 1e-7 * Math.max(Math.abs(min), Math.abs(max));
  return {
    values: values.map((value) => (isConstant ? 0.5 : (value - min) / (max - min))),
    isConstant,
  };
}
