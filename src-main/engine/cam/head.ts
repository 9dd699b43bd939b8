import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { MapItem, MapTools } from "./method.ts";

/** `∂(Σ_c seed_c·y_c)/∂A` `[K,n]` of one image for a seed of the method's own: by the closed form where there is one. */
export async function gradientsFor(
  tools: MapTools,
  { headWeights, image, k, h, w }: MapItem,
  seed: Float32Array,
): Promise<Float32Array> {
  if (headWeights) return linearGradients(headWeights, seed, k, h * w);
  return (await tools.gradient(image, { dims: [1, seed.length], data: seed })).gradients.data;
}

/**
 * `∂t/∂A` of a head that is linear in the tap, `t = Σ seed_c·y_c`: its weights `[C,K]` or `[C,K,H,W]`, mixed by the seed
 * and spread to `[K,n]`. Exact, and no backward pass.
 */
export function linearGradients(
  head: Tensor,
  seed: ArrayLike<number>,
  k: number,
  n: number,
): Float32Array {
  const mixed = mix(head, seed);
  if (mixed.length === k * n && head.dims.length === 4) return Float32Array.from(mixed);
  const gradients = new Float32Array(k * n);
  for (let channel = 0; channel < k; channel++)
    gradients.fill(mixed[channel], channel * n, (channel + 1) * n);
  return gradients;
}

/** Weights `[K]` of a pooled linear head for the seed, already over n. */
export function pooledWeights(head: Tensor, seed: ArrayLike<number>): Float64Array {
  if (head.dims.length !== 2) throw new RangeError("CAM needs head weights of shape [C,K]");
  return mix(head, seed);
}

function mix(head: Tensor, seed: ArrayLike<number>): Float64Array {
  const size = head.data.length / head.dims[0];
  const mixed = new Float64Array(size);
  for (let c = 0; c < seed.length; c++) {
    if (seed[c] === 0) continue;
    for (let i = 0; i < size; i++) mixed[i] += seed[c] * head.data[c * size + i];
  }
  return mixed;
}
