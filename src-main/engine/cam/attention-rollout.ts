import { carryBack, meanOverHeads, meanRow } from "../kernels/attention.ts";
import { attentionAt, attentionRefusal, namesOf, onGrid, wholeAttention } from "./attention-map.ts";
import { definePassMethod } from "./method.ts";

/**
 * Attention rollout, Abnar and Zuidema 2020, https://arxiv.org/abs/2005.00928
 *
 *   Ā_l = mean over heads of P_l
 *   R = (½Ā_L + ½I) ⋯ (½Ā_1 + ½I)          every row sums to 1
 *   map = mean over the tokens i that the classifier reads of R[i, patches]
 *
 * The class token is the only such token of most networks; with a distillation token there are two, and where tokens are
 * pooled, all. Heads by their mean, nothing discarded, from the first block on; other choices are common and not offered.
 * The same for every class, and its zero means nothing.
 */
export const attentionRollout = definePassMethod({
  id: "attention-rollout",
  needs: [],
  uses: ["read"],
  forwards: () => 4, // as measured: two passes, and all attention carried out of the runtime
  requires: (facts) => attentionRefusal("attention rollout", facts),
  async map(tools, item) {
    const attention = wholeAttention(item);
    const { sites, tokens, headTokens } = attention;
    const reading = await tools.read(item.image, namesOf(sites), null);
    const blocks = sites.map((site) => {
      const { probabilities, heads } = attentionAt(site, reading);
      return meanOverHeads(probabilities, heads);
    });
    const row = carryBack(meanRow(tokens, headTokens), blocks, [0.5, 0.5]);
    return onGrid(row, attention, item);
  },
});
