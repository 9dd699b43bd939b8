import { fail } from "../../../shared/errors/app-error.ts";
import { centre, gramOfColumns, largestEigenpair } from "../kernels/principal.ts";
import { signedMap } from "./eigen-sign.ts";
import { defineMethod } from "./method.ts";

/** Each cell is compared with each. */
const mostKernelCells = 1024;

/**
 * KPCA-CAM, Karmani et al. 2024, https://arxiv.org/abs/2410.00267
 *
 *   X [n,K] = A with channel means taken off;  κ = tanh(γ x·x' + 1),  γ = 1/K     the sigmoid kernel
 *   κ ← κ − 1κ − κ1 + 1κ1                                                        1: all entries 1/n
 *   map = √λ q, the eigenpair of κ with the largest eigenvalue
 *
 * Class-agnostic; the sign rule is EigenCAM's. tanh is ±1 nearly everywhere for large activations, so γ is lowered until the
 * median of |γ x·x'| is at most 1; the factor is noted. No positive eigenvalue: zeros.
 */
export const kpcaCam = defineMethod({
  id: "kpca-cam",
  needs: ["activations"],
  requires: ({ tap: { grid } }) => {
    const [, h, w] = grid;
    if (h * w <= mostKernelCells) return null;
    return {
      code: "method/too-fine",
      details: { method: "KPCA-CAM", grid: `${h} × ${w}`, most: mostKernelCells },
    };
  },
  compute({ activations, k, h, w }) {
    const n = h * w;
    if (n > mostKernelCells)
      fail("method/too-fine", { method: "KPCA-CAM", grid: `${h} × ${w}`, most: mostKernelCells });
    const products = gramOfColumns(centre(activations, k, n), k, n);
    const gamma = 1 / k;
    const median = products.map((value) => Math.abs(gamma * value)).sort()[products.length >> 1];
    const factor = median > 1 ? 1 / median : 1;
    const kernel = products.map((value) => Math.tanh(gamma * factor * value + 1));
    const { value, vector } = largestEigenpair(doublyCentred(kernel, n), n);
    // Rounding of the centring is no component.
    const length = value > 1e-12 * n ? Math.sqrt(value) : 0;
    return {
      ...signedMap(
        vector.map((entry) => length * entry),
        activations,
        k,
      ),
      notes: { kernelFactor: factor },
    };
  },
});

/** Rows and columns both sum to 0: means taken off in feature space. */
function doublyCentred(kernel: Float64Array, n: number): Float64Array {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) means[i] += kernel[i * n + j] / n;
  const mean = means.reduce((sum, own) => sum + own / n, 0);
  return kernel.map((value, at) => value - means[Math.floor(at / n)] - means[at % n] + mean);
}
