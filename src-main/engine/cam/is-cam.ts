import { weightedSum } from "../kernels/maps.ts";
import { dot, softmax } from "../kernels/scores.ts";
import { channelMask, contrastingChannels, logitsOf, writeMasked } from "./masked-inputs.ts";
import { definePassMethod } from "./method.ts";

/** Steps of intensity per channel. */
const intensities = 10;

/**
 * IS-CAM, Naidu et al. 2020, https://arxiv.org/abs/2010.03023
 *
 *   s_k = mean over i = 1 … m of t( i/m · x ⊙ M_k )      m = 10; M_k as in Score-CAM
 *   map = sum over k of softmax(s)_k A_k
 *
 * The path is linear and ends at the masked picture. torch-cam adds the steps up to 5.5 times the picture instead.
 */
export const isCam = definePassMethod({
  id: "is-cam",
  needs: ["activations"],
  forwards: ({ tap }) => 1 + intensities * tap.grid[0],
  async map(tools, item) {
    const { activations, k, h, w, seed } = item;
    const channels = contrastingChannels(item);
    if (channels.length === 0) return new Float32Array(h * w);
    let mask: Float32Array = new Float32Array(0);
    const count = channels.length * intensities;
    const logits = await logitsOf(tools, item, count, (index, out) => {
      const step = index % intensities;
      if (step === 0) mask = channelMask(item, channels[index / intensities]);
      const share = (step + 1) / intensities;
      writeMasked(
        item,
        mask.map((value) => share * value),
        out,
      );
    });
    const scores = new Float64Array(k).fill(-Infinity); // softmax: weight 0
    channels.forEach((channel, index) => {
      const own = logits.slice(index * intensities, (index + 1) * intensities);
      scores[channel] = own.reduce((sum, row) => sum + dot(seed, row) / intensities, 0);
    });
    return weightedSum(activations, softmax(scores));
  },
});
