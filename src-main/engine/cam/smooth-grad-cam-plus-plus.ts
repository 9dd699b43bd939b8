import { weightedSum } from "../kernels/maps.ts";
import { linearGradients } from "./head.ts";
import { definePassMethod, type MapItem, type MapTools } from "./method.ts";
import { normalsFrom } from "./noise.ts";

/** Inputs whose gradients are averaged. */
const noisyInputs = 4;
/** Standard deviation of the noise, in standard deviations of photographs. */
const sigma = 0.3;
const epsilon = 1e-6;

/**
 * Smooth Grad-CAM++, Omeiza et al. 2019, https://arxiv.org/abs/1908.01224
 *
 *   g1, g2, g3 = means of G, G², G³ over m inputs x + N(0, σ²)        m = 4, σ = 0.3
 *   α_k[i, j] = g2 / (2 g2 + S_k g3 + ε),  S_k = sum of A_k
 *   w_k = sum over (i, j) of α_k relu(g1)
 *   map = sum over k of w_k A_k                                      A and S of the clean input
 *
 * The paper has g1 in the numerator, with which the method does not become Grad-CAM++ as σ → 0; g2 does. The class is that of
 * the clean input. With a head that is linear in A, noise changes no gradient: the map is Grad-CAM++'s and no pass is made.
 */
export const smoothGradCamPlusPlus = definePassMethod({
  id: "smooth-grad-cam++",
  needs: ["activations"],
  uses: ["gradient"],
  forwards: ({ head, tailShare }) => (head.weights ? 1 : 1 + noisyInputs * (1 + tailShare)),
  async map(tools, item) {
    const { headWeights, seed, k, h, w } = item;
    const moments = headWeights
      ? momentsOf([linearGradients(headWeights, seed, k, h * w)])
      : momentsOf(await noisyGradients(tools, item));
    return weightedSum(item.activations, smoothedWeights(moments, item.activations, k));
  },
});

/** Means of G, G² and G³, `[K,n]` each. */
export type Moments = readonly [Float64Array, Float64Array, Float64Array];

export function momentsOf(all: readonly Float32Array[]): Moments {
  const moments: Moments = [
    new Float64Array(all[0].length),
    new Float64Array(all[0].length),
    new Float64Array(all[0].length),
  ];
  for (const gradients of all)
    moments.forEach((own, power) =>
      gradients.forEach((g, i) => (own[i] += g ** (power + 1) / all.length)),
    );
  return moments;
}

/** `w_k = Σ α_k relu(g1)`, `[K]`. */
export function smoothedWeights(
  [g1, g2, g3]: Moments,
  activations: Float32Array,
  k: number,
): Float64Array {
  const n = activations.length / k;
  return Float64Array.from({ length: k }, (_, channel) => {
    const [from, to] = [channel * n, (channel + 1) * n];
    let sum = 0;
    for (let p = from; p < to; p++) sum += activations[p];
    let weight = 0;
    for (let p = from; p < to; p++) {
      const denominator = 2 * g2[p] + sum * g3[p] + epsilon;
      if (g1[p] > 0 && Math.abs(denominator) >= 1e-12) weight += (g2[p] / denominator) * g1[p];
    }
    return weight;
  });
}

async function noisyGradients(tools: MapTools, item: MapItem): Promise<Float32Array[]> {
  const { image, seed, inputSpread } = item;
  const normal = normalsFrom(item.randomSeed);
  const all: Float32Array[] = [];
  for (let from = 0; from < noisyInputs; from += tools.forwardChunk) {
    const rows = Math.min(tools.forwardChunk, noisyInputs - from);
    const data = new Float32Array(rows * image.data.length);
    for (let i = 0; i < data.length; i++)
      data[i] = image.data[i % image.data.length] + sigma * inputSpread * normal();
    const seeds = new Float32Array(rows * seed.length);
    for (let row = 0; row < rows; row++) seeds.set(seed, row * seed.length);
    const { gradients } = await tools.gradient(
      { dims: [rows, ...image.dims.slice(1)], data },
      { dims: [rows, seed.length], data: seeds },
    );
    const size = gradients.data.length / rows;
    for (let row = 0; row < rows; row++)
      all.push(gradients.data.subarray(row * size, (row + 1) * size));
  }
  return all;
}
