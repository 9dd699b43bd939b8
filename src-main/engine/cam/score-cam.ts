import { weightedSum } from "../kernels/maps.ts";
import { dot, softmax } from "../kernels/scores.ts";
import { channelMask, contrastingChannels, logitsOf, writeMasked } from "./masked-inputs.ts";
import { definePassMethod } from "./method.ts";

/**
 * Score-CAM, Wang et al. 2020, https://arxiv.org/abs/1910.01279
 *
 *   M_k = min-max( A_k enlarged to the input )    bilinear, half-pixel; a channel without contrast is left out
 *   s_k = t(x ⊙ M_k)                              logits; all colour channels share the mask
 *   map = sum over k of softmax(s)_k A_k
 *
 * Masked to 0 means 0 in the prepared input, which is the mean colour where the preparation takes a mean off.
 */
export const scoreCam = definePassMethod({
  id: "score-cam",
  needs: ["activations"],
  forwards: ({ tap }) => 1 + tap.grid[0],
  async map(tools, item) {
    const { activations, k, h, w, seed } = item;
    const channels = contrastingChannels(item);
    if (channels.length === 0) return new Float32Array(h * w);
    const logits = await logitsOf(tools, item, channels.length, (index, out) =>
      writeMasked(item, channelMask(item, channels[index]), out),
    );
    const scores = new Float64Array(k).fill(-Infinity); // softmax: weight 0
    channels.forEach((channel, index) => (scores[channel] = dot(seed, logits[index])));
    return weightedSum(activations, softmax(scores));
  },
});
