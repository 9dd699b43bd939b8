import type { MapPlace } from "../../../shared/domain/relevance.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { meanPerChannel } from "../kernels/maps.ts";
import { symmetricEigen } from "../kernels/symmetric-eigen.ts";

/** Channels first, `[K,H,W]`, of one image's values as the graph lays them out. */
export function onGrid({ data }: Tensor, { grid, layout }: MapPlace): Float32Array {
  if (layout === "channels-first") return data;
  const [k, h, w] = grid;
  const out = new Float32Array(data.length);
  for (let p = 0; p < h * w; p++)
    for (let channel = 0; channel < k; channel++) out[channel * h * w + p] = data[p * k + channel];
  return out;
}

/** Grad-CAM before its sum: `I_k = (mean over positions of G_k) · A_k`, `[K,n]`. */
export function gradCamComponents(
  activations: Float32Array,
  gradients: Float32Array,
  k: number,
): Float32Array {
  const n = activations.length / k;
  const weights = meanPerChannel(gradients, k);
  return activations.map((value, at) => weights[Math.floor(at / n)] * value);
}

/**
 * What of components `[K,n]` a few directions hold: channel means are taken off and stay off, then the `d` largest singular
 * values are kept, d = max(1, ⌊0.1 · min(K, n)⌋). The published d is 0 below ten, which leaves nothing at all.
 *
 * From the eigenvectors Q of the smaller Gram matrix: Z Q Qᵀ over positions, Q Qᵀ Z over channels.
 */
export function denoised(
  components: Float32Array,
  k: number,
): { components: Float32Array; rank: number } {
  const n = components.length / k;
  const size = Math.min(k, n);
  const rank = Math.max(1, Math.floor(0.1 * size));
  const means = meanPerChannel(components, k);
  const z = Float64Array.from(components, (value, at) => value - means[Math.floor(at / n)]);
  const isOverPositions = n <= k;
  // Row r of `rows` is what is compared: a position over the channels, or a channel over the positions.
  const length = isOverPositions ? k : n;
  const at = (row: number, i: number) => (isOverPositions ? z[i * n + row] : z[row * n + i]);
  const gram = new Float64Array(size * size);
  for (let a = 0; a < size; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += at(a, i) * at(b, i);
      gram[a * size + b] = gram[b * size + a] = sum;
    }
  const { vectors } = symmetricEigen(gram, size);
  const out = new Float64Array(z.length);
  for (let direction = 0; direction < rank; direction++) {
    const q = vectors.subarray(direction * size, (direction + 1) * size);
    for (let i = 0; i < length; i++) {
      let along = 0;
      for (let row = 0; row < size; row++) along += q[row] * at(row, i);
      for (let row = 0; row < size; row++)
        out[isOverPositions ? i * n + row : row * n + i] += along * q[row];
    }
  }
  return { components: Float32Array.from(out), rank };
}
