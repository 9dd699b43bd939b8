import type { GradConfig } from "@tensorflow/tfjs-core";
import type { DeviceTensor } from "../program.ts";
import type { TensorFlow } from "../runtime.ts";
import { convolutionFilterGradient } from "./convolution-filter-gradient.ts";
import { convolutionInputGradient } from "./convolution-input-gradient.ts";
import { depthwiseFilterGradient } from "./depthwise-filter-gradient.ts";
import { depthwiseInputGradient } from "./depthwise-input-gradient.ts";
import type { ComposedKernel } from "./registry.ts";

/**
 * Lets dilated convolutions be differentiated, on every backend: TensorFlow.js refuses to. At dilation 1 its own gradients
 * stay.
 */
export function registerDilatedGradients(tf: TensorFlow["tf"]): void {
  extend(tf, "Conv2D", convolutionInputGradient, convolutionFilterGradient);
  extend(tf, "DepthwiseConv2dNative", depthwiseInputGradient, depthwiseFilterGradient);
}

function extend(
  tf: TensorFlow["tf"],
  kernelName: string,
  ofInput: ComposedKernel,
  ofFilter: ComposedKernel,
): void {
  const own: GradConfig | undefined = tf.getGradient(kernelName);
  if (!own) throw new RangeError(`TensorFlow.js has no gradient of ${kernelName}`);
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    ...own,
    gradFunc(slope, saved, attributes) {
      const dy = slope as DeviceTensor; // convolutions make one tensor
      const { dilations } = attributes as unknown as { dilations: number | number[] }; // set by TensorFlow.js
      const isDilated = [dilations].flat().some((rate) => rate > 1);
      const [x, filter] = saved;
      if (!isDilated || !x || !filter) return own.gradFunc(slope, saved, attributes);
      const inputShape = { ...attributes, inputShape: x.shape };
      const filterShape = { ...attributes, filterShape: filter.shape };
      return {
        x: () => ofInput.compute(tf, { dy, filter }, inputShape),
        filter: () => ofFilter.compute(tf, { x, dy }, filterShape),
      };
    },
  });
}
