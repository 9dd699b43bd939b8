import { enlargeSmooth } from "../../../shared/heatmap/enlarge.ts";
import { extent, weightedSum } from "../kernels/maps.ts";
import { dot, softmax } from "../kernels/scores.ts";
import { definePassMethod, type MapItem } from "./method.ts";

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
  async map(tools, item) {
    const { activations, k, seed } = item;
    const masks = maskedChannels(item);
    const scores = new Float64Array(k).fill(-Infinity);
    for (let from = 0; from < masks.length; from += tools.forwardChunk) {
      const channels = masks.slice(from, from + tools.forwardChunk);
      const size = item.image.data.length;
      const images = new Float32Array(channels.length * size);
      channels.forEach((channel, m) =>
        writeMasked(item, channel, images.subarray(m * size, (m + 1) * size)),
      );
      const dims = [channels.length, ...item.image.dims.slice(1)];
      const logits = (await tools.forward({ dims, data: images })).data;
      const classes = logits.length / channels.length;
      channels.forEach((channel, m) => {
        scores[channel] = dot(seed, logits.subarray(m * classes, (m + 1) * classes));
      });
    }
    if (masks.length === 0) return new Float32Array(item.h * item.w);
    return weightedSum(activations, softmax(scores)); // −Infinity: weight 0
  },
});

/** Channels with any contrast: the others have no mask. */
function maskedChannels({ activations, k, h, w }: MapItem): number[] {
  const n = h * w;
  return Array.from({ length: k }, (_, channel) => channel).filter((channel) => {
    const [min, max] = extent(activations.subarray(channel * n, (channel + 1) * n));
    return max > min;
  });
}

function writeMasked(item: MapItem, channel: number, out: Float32Array): void {
  const { activations, h, w, image, layout } = item;
  const [, a, b, c] = image.dims;
  const [colours, height, width] = layout === "NCHW" ? [a, b, c] : [c, a, b];
  const n = h * w;
  const channelMap = activations.subarray(channel * n, (channel + 1) * n);
  const mask = enlargeSmooth(channelMap, h, w, height, width);
  const [min, max] = extent(mask);
  const scale = max > min ? 1 / (max - min) : 0;
  const pixels = height * width;
  for (let p = 0; p < pixels; p++) {
    const weight = (mask[p] - min) * scale;
    for (let colour = 0; colour < colours; colour++) {
      const at = layout === "NCHW" ? colour * pixels + p : p * colours + colour;
      out[at] = image.data[at] * weight;
    }
  }
}
