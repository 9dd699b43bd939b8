import type { TapSession } from "../../../shared/domain/engine.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { sizeOf } from "../../../shared/domain/tensor.ts";

/** How far a device is from the processor, as a share of the largest value; and how long both take. */
export interface DeviceComparison {
  readonly difference: number;
  readonly deviceMs: number;
  readonly processorMs: number;
}

/** Maps that differ by more are not the same maps. */
export const allowedDifference = 1e-3;

/**
 * Runs seeded noise on both: logits, activations and, where it is asked for and the head is not linear, HiResCAM's map. A first
 * pass on each, in which kernels are built, is not timed.
 *
 * @returns the largest difference of the three, as a share of the processor's largest value there
 */
export async function compareDevice(
  device: TapSession,
  processor: TapSession,
  image: { readonly dims: readonly number[]; readonly differentiates: boolean },
): Promise<DeviceComparison> {
  const noise = noiseOf(image.dims);
  const answer = (session: TapSession) => answers(session, noise, image.differentiates);
  const [own, expected] = [await answer(device), await answer(processor)];
  const difference = Math.max(...expected.map((values, i) => distance(own[i], values)));
  const [deviceMs, processorMs] = [await time(answer, device), await time(answer, processor)];
  return { difference, deviceMs, processorMs };
}

async function answers(
  session: TapSession,
  images: Tensor,
  differentiates: boolean,
): Promise<readonly Float32Array[]> {
  if (!differentiates || session.head.weights) {
    const { logits, activations } = await session.forward(images);
    return [logits.data, activations.data];
  }
  const { logits, activations, gradients } = await session.gradient(images, "predicted");
  return [logits.data, activations.data, activations.data.map((a, i) => a * gradients.data[i])];
}

/** NaN counts as infinitely far. */
function distance(own: Float32Array, expected: Float32Array): number {
  let [most, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(own[i] - expected[i]);
    if (!(off <= most)) most = Number.isNaN(off) ? Infinity : off;
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return largest > 0 ? most / largest : most;
}

async function time(
  answer: (session: TapSession) => Promise<unknown>,
  session: TapSession,
): Promise<number> {
  const from = performance.now();
  await answer(session);
  return performance.now() - from;
}

function noiseOf(dims: readonly number[]): Tensor {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
  return { dims, data: Float32Array.from({ length: sizeOf(dims) }, next) };
}
