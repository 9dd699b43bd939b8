import { weightedSum } from "../kernels/maps.ts";
import { dot, softmax } from "../kernels/scores.ts";
import { channelMask, contrastingChannels, logitsOf, writeMasked } from "./masked-inputs.ts";
import { definePassMethod, type MapItem } from "./method.ts";
import { normalsFrom } from "./noise.ts";

/** Noisy masks per channel, and the channels that take part at most. */
const [noisyMasks, noisyChannels] = [10, 32];
/** Standard deviation of the noise on masks, which reach from 0 to 1. */
const sigma = 2;

/**
 * SS-CAM, Wang et al. 2020, https://arxiv.org/abs/2006.14255, its first form: noise on the masks
 *
 *   s_k = mean over i = 1 … m of t( x ⊙ (M_k + δ_i) ),  δ_i ~ N(0, σ²) per pixel      m = 10, σ = 2; M_k as in Score-CAM
 *   map = sum over k of softmax(s)_k A_k
 *
 * m passes for every channel would be thousands: only the 32 channels that vary most take part, and their number is noted.
 */
export const ssCam = definePassMethod({
  id: "ss-cam",
  needs: ["activations"],
  forwards: ({ tap }) => 1 + noisyMasks * Math.min(noisyChannels, tap.grid[0]),
  async map(tools, item) {
    const { activations, k, h, w, seed } = item;
    const channels = mostVarying(item);
    if (channels.length === 0) return new Float32Array(h * w);
    const normal = normalsFrom(item.randomSeed);
    let mask: Float32Array = new Float32Array(0);
    const count = channels.length * noisyMasks;
    const logits = await logitsOf(tools, item, count, (index, out) => {
      if (index % noisyMasks === 0) mask = channelMask(item, channels[index / noisyMasks]);
      writeMasked(
        item,
        mask.map((value) => value + sigma * normal()),
        out,
      );
    });
    const scores = new Float64Array(k).fill(-Infinity); // softmax: weight 0
    channels.forEach((channel, index) => {
      const own = logits.slice(index * noisyMasks, (index + 1) * noisyMasks);
      scores[channel] = own.reduce((sum, row) => sum + dot(seed, row) / noisyMasks, 0);
    });
    return {
      map: weightedSum(activations, softmax(scores)),
      notes: { channels: channels.length },
    };
  },
});

/** The channels with the largest spread over the positions, in channel order. */
function mostVarying(item: MapItem): number[] {
  const { activations, h, w } = item;
  const n = h * w;
  const variance = (channel: number) => {
    const values = activations.subarray(channel * n, (channel + 1) * n);
    const mean = values.reduce((sum, value) => sum + value / n, 0);
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  };
  return contrastingChannels(item)
    .map((channel) => ({ channel, spread: variance(channel) }))
    .sort((a, b) => b.spread - a.spread || a.channel - b.channel)
    .slice(0, noisyChannels)
    .map(({ channel }) => channel)
    .sort((a, b) => a - b);
}
