import { attentionAt, differentiatedRefusal, onGrid, wholeAttention } from "./attention-map.ts";
import { definePassMethod } from "./method.ts";

/**
 * Grad-CAM on attention, as compared in Chefer et al. 2021, https://arxiv.org/abs/2012.09838
 *
 *   a_h = mean over the tokens i that the classifier reads of P_h[i, patches]      last block; g_h: the same of dt/dP_h
 *   w_h = mean over patches of g_h
 *   map = mean over heads of w_h a_h
 *
 * The class token is the only such token of most networks. Stored signed; the view shows the positive part.
 */
export const gradCamAttention = definePassMethod({
  id: "grad-cam-attention",
  needs: [],
  uses: ["read", "slopes"],
  requires: (facts) =>
    differentiatedRefusal("Grad-CAM on attention", facts, ({ sites }) => sites.slice(-1)),
  forwards: ({ tailShare }) => 3 + tailShare, // as measured: a second pass with attention carried out
  async map(tools, item) {
    const attention = wholeAttention(item);
    const { sites, tokens, prefixTokens, headTokens } = attention;
    const site = sites[sites.length - 1];
    const seed = { dims: [1, item.seed.length], data: item.seed };
    const reading = await tools.read(item.image, [site.probabilities], seed);
    const { probabilities, gradients, heads } = attentionAt(site, reading);
    const map = new Float64Array(tokens);
    for (let head = 0; head < heads; head++) {
      const rows = headTokens.map((token) => (head * tokens + token) * tokens);
      let weight = 0;
      for (const from of rows)
        for (let j = prefixTokens; j < tokens; j++) weight += gradients[from + j];
      weight /= rows.length * (tokens - prefixTokens);
      for (const from of rows)
        for (let j = 0; j < tokens; j++)
          map[j] += (weight * probabilities[from + j]) / rows.length / heads;
    }
    return onGrid(map, attention, item);
  },
});
