import type { WeightLayer } from "../../../shared/domain/weights.ts";
import { randomFrom } from "../../../shared/statistics/sample.ts";

/**
 * Other weights for a layer, by the name of the tensor: kernels and biases from a normal distribution of the same mean and
 * deviation, so that the scale of activations is kept; statistics of a normalisation shuffled, all of a layer in the same
 * order, so that the mean and the variance of a channel stay together. The same seed gives the same values, whichever other
 * layers are changed.
 */
export function randomised(layer: WeightLayer, seed: number): Map<string, Float32Array> {
  const changes = new Map<string, Float32Array>();
  for (const tensor of layer.tensors) {
    const values = tensor.values();
    changes.set(
      tensor.name,
      tensor.role === "statistic"
        ? inOrder(values, orderOf(values.length, mixed(seed, layer.name)))
        : normalLike(values, mixed(seed, tensor.name)),
    );
  }
  return changes;
}

function normalLike(values: Float32Array, seed: number): Float32Array {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / values.length;
  const deviation = Math.sqrt(variance);
  const random = randomFrom(seed);
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i += 2) {
    const length = deviation * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    out[i] = mean + length * Math.cos(angle);
    if (i + 1 < out.length) out[i + 1] = mean + length * Math.sin(angle);
  }
  return out;
}

function orderOf(count: number, seed: number): Uint32Array {
  const random = randomFrom(seed);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function inOrder(values: Float32Array, order: Uint32Array): Float32Array {
  return Float32Array.from(order, (from) => values[from]);
}

/** FNV-1a of the name, from the seed on. */
function mixed(seed: number, name: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < name.length; i++)
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
