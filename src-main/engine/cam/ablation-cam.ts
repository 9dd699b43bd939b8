import { weightedSum } from "../kernels/maps.ts";
import { dot } from "../kernels/scores.ts";
import { linearGradients } from "./head.ts";
import { definePassMethod, type MapItem, type MapTools } from "./method.ts";

/**
 * Ablation-CAM, Ramaswamy and Desai, WACV 2020
 *
 *   Δ_k = t(A) − t(A with channel k set to 0)
 *   map = sum over k of Δ_k / |t(A)| A_k
 *
 * The magnitude of t(A) divides, so that a negative score does not turn every weight round, and is left out where it is
 * near 0. With a head that is linear in A, Δ_k = sum over (i, j) of G_k A_k exactly: no tail pass.
 */
export const ablationCam = definePassMethod({
  id: "ablation-cam",
  needs: ["activations"],
  forwards: ({ tap, head, tailShare }) => (head.weights ? 1 : 1 + tap.grid[0] * tailShare),
  async map(tools, item) {
    const drops = item.headWeights ? linearDrops(item) : await measuredDrops(tools, item);
    const score = Math.abs(dot(item.seed, item.logits));
    const largest = drops.reduce((max, drop) => Math.max(max, Math.abs(drop)), 0);
    const divisor = score < 1e-3 * largest || score === 0 ? 1 : score;
    return weightedSum(
      item.activations,
      drops.map((drop) => drop / divisor),
    );
  },
});

function linearDrops({ headWeights, seed, activations, k, h, w }: MapItem): Float64Array {
  const n = h * w;
  const drops = new Float64Array(k);
  if (!headWeights) return drops;
  const gradients = linearGradients(headWeights, seed, k, n);
  for (let channel = 0; channel < k; channel++)
    for (let p = channel * n; p < (channel + 1) * n; p++)
      drops[channel] += gradients[p] * activations[p];
  return drops;
}

async function measuredDrops(tools: MapTools, item: MapItem): Promise<Float64Array> {
  const { activations, k, h, w, seed } = item;
  const n = h * w;
  const score = dot(seed, item.logits);
  const drops = new Float64Array(k);
  for (let from = 0; from < k; from += tools.tailChunk) {
    const rows = Math.min(tools.tailChunk, k - from);
    const changed = new Float32Array(rows * k * n);
    for (let m = 0; m < rows; m++) {
      changed.set(activations, m * k * n);
      changed.fill(0, (m * k + from + m) * n, (m * k + from + m + 1) * n);
    }
    const logits = (await tools.tail({ dims: [rows, k, h, w], data: changed })).data;
    const classes = logits.length / rows;
    for (let m = 0; m < rows; m++)
      drops[from + m] = score - dot(seed, logits.subarray(m * classes, (m + 1) * classes));
  }
  return drops;
}
