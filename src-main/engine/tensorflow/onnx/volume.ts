import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../runtime.ts";
import { reshape } from "./compose.ts";
import { identity, type Made, type Order, type Value } from "./value.ts";

type Tf = TensorFlow["tf"];

/** `[N, C, ..]` with its channels last. */
export function channelsLast(rank: number): Order {
  return [0, ...identity(rank - 2).map((i) => i + 2), 1];
}

/** A value `[N, C, ..]` of one to three dimensions as `[N, D, H, W, C]`. */
export function asVolume(tf: Tf, value: Value): Tensor {
  const last = value.inOrder(channelsLast(value.rank));
  const [n = 1, ...rest] = last.shape;
  const missing = Array.from({ length: 5 - value.rank }, () => 1);
  return reshape(tf, last, [n, ...missing, ...rest]);
}

/** The way back, as a value of `dimensions` dimensions besides batch and channels. */
export function ofVolume(tf: Tf, volume: Tensor, dimensions: number): Made {
  const [n = 1, ...rest] = volume.shape;
  const tensor = reshape(tf, volume, [n, ...rest.slice(3 - dimensions)]);
  return { tensor, order: channelsLast(dimensions + 2) };
}
