import type { DeviceTensor } from "../program.ts";
import type { TensorFlow } from "../runtime.ts";
import { averagePoolGradient } from "./average-pool-gradient.ts";
import { convolutionFilterGradient } from "./convolution-filter-gradient.ts";
import { convolutionInputGradient } from "./convolution-input-gradient.ts";
import { depthwiseFilterGradient } from "./depthwise-filter-gradient.ts";
import { depthwiseInputGradient } from "./depthwise-input-gradient.ts";
import { maxPoolGradient } from "./max-pool-gradient.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum.ts";

/** A kernel of ours: composed of operations that the backend has. */
export interface ComposedKernel {
  readonly name: string;
  /** Stands in for a kernel that the backend has: it is faster, or right. */
  readonly replaces?: boolean;
  compute(
    tf: TensorFlow["tf"],
    inputs: Readonly<Record<string, DeviceTensor>>,
    attributes: Readonly<Record<string, unknown>>,
  ): DeviceTensor;
}

const composed: readonly ComposedKernel[] = [
  averagePoolGradient,
  convolutionFilterGradient,
  convolutionInputGradient,
  depthwiseFilterGradient,
  depthwiseInputGradient,
  maxPoolGradient,
  unsortedSegmentSum,
];

let hasRegistered = false;

/** Registers the backward kernels that the wasm backend lacks and gradients of classifiers need; once per process. */
export function registerKernels(tf: TensorFlow["tf"]): void {
  if (hasRegistered) return;
  hasRegistered = true;
  for (const { name, replaces, compute } of composed) {
    const isThere = tf.getKernel(name, "wasm") !== undefined;
    if (isThere && !replaces) continue;
    if (isThere) tf.unregisterKernel(name, "wasm");
    tf.registerKernel({
      kernelName: name,
      backendName: "wasm",
      kernelFunc: ({ inputs, attrs }) =>
        tf.tidy(() => compute(tf, inputs as Record<string, DeviceTensor>, attrs ?? {})), // all are tensors
    });
  }
}
