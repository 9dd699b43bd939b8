import { carryBack, meanOverHeads, meanRow } from "../kernels/attention.ts";
import {
  attentionAt,
  differentiatedRefusal,
  namesOf,
  onGrid,
  wholeAttention,
} from "./attention-map.ts";
import { definePassMethod } from "./method.ts";

/**
 * Gradient-weighted attention, Chefer et al. 2021 (generic attention explainability), https://arxiv.org/abs/2103.15679
 *
 *   Ã_l = mean over heads of relu( dt/dP_l ⊙ P_l )
 *   R ← I;  R ← R + Ã_l R for every block              rows are not normalised
 *   map = mean over the tokens i that the classifier reads of (R − I)[i, patches]
 *
 * I is taken off: it says that a patch is itself, and only shows where patches are pooled.
 */
export const attentionRelevance = definePassMethod({
  id: "attention-relevance",
  needs: [],
  uses: ["read", "slopes"],
  requires: (facts) =>
    differentiatedRefusal("gradient-weighted attention", facts, ({ sites }) => sites),
  forwards: () => 9, // as measured: a backward pass through every block; attention and its gradient carried out
  async map(tools, item) {
    const attention = wholeAttention(item);
    const { sites, tokens, headTokens } = attention;
    const seed = { dims: [1, item.seed.length], data: item.seed };
    const reading = await tools.read(item.image, namesOf(sites), seed);
    const blocks = sites.map((site) => {
      const { probabilities, gradients, heads } = attentionAt(site, reading);
      return meanOverHeads(probabilities, heads, (at) =>
        Math.max(0, gradients[at] * probabilities[at]),
      );
    });
    const start = meanRow(tokens, headTokens);
    const row = carryBack(start, blocks, [1, 1]).map((value, token) => value - start[token]);
    return onGrid(row, attention, item);
  },
});
