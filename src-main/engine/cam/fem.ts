import { extent } from "../kernels/maps.ts";
import { defineMethod } from "./method.ts";

/** Deviations above its mean from which a channel counts as firing, as published. */
const deviations = 2;

/**
 * FEM, Fuad et al. 2020, https://hal.science/hal-02963298
 *
 *   B_k = [ A_k > μ_k + 2 σ_k ]         μ_k, σ_k over the positions of channel k
 *   map = sum over k of μ_k B_k
 *
 * Class-agnostic. The masks are summed, not the activations (pytorch-grad-cam does the reverse). Among n positions no value
 * lies further than √(n − 1) deviations from the mean: grids of five cells or fewer give zeros.
 */
export const fem = defineMethod({
  id: "fem",
  needs: ["activations"],
  compute: ({ activations, k }) => featureMasks(activations, k, deviations),
});

/** `Σ_k μ_k [A_k > μ_k + m σ_k]`: `[K,n]` → `[n]`. */
export function featureMasks(activations: Float32Array, k: number, m: number): Float32Array {
  const n = activations.length / k;
  const sum = new Float64Array(n);
  for (let channel = 0; channel < k; channel++) {
    const values = activations.subarray(channel * n, (channel + 1) * n);
    const [min, max] = extent(values);
    if (min === max) continue; // σ = 0: rounding of the mean must not make it fire
    let mean = 0;
    for (const value of values) mean += value / n;
    let variance = 0;
    for (const value of values) variance += (value - mean) ** 2 / n;
    const threshold = mean + m * Math.sqrt(variance);
    for (let p = 0; p < n; p++) if (values[p] > threshold) sum[p] += mean;
  }
  return Float32Array.from(sum);
}
