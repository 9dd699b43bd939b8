import { meanOverHeads } from "../kernels/attention.ts";
import { attentionAt, attentionRefusal, namesOf, onGrid, wholeAttention } from "./attention-map.ts";
import { definePassMethod } from "./method.ts";

/** Blocks that take part, counted from the last: what the authors' code takes unless told otherwise. */
const blocks = 2;

/**
 * LeGrad, Bousselham et al. 2024, https://arxiv.org/abs/2404.03214
 *
 *   s_l = classifier( mean over the tokens of Z_l )       Z_l: the tokens that leave block l
 *   map_l = mean over heads and queries of relu( ds_l / dP_l ), over patch keys
 *   map = mean over the last two blocks of map_l
 *
 * The classifier is all that follows the last block, its norm and head included, given the mean token in place of every
 * token; s_l counts the same classes as the score explained. Gradient only: attention itself does not weigh in.
 */
export const leGrad = definePassMethod({
  id: "legrad",
  needs: [],
  uses: ["read", "slopes"],
  requires: (facts) => {
    const refusal = attentionRefusal("LeGrad", facts);
    const { attention } = facts.structure;
    if (refusal || attention?.scope !== "whole") return refusal;
    const sites = attention.sites.slice(-blocks);
    if (sites.some(({ output }) => output === null))
      return { code: "method/no-block-output", details: { method: "LeGrad" } };
    return facts.readingRefusal?.(namesOf(sites), "own block") ?? null;
  },
  forwards: ({ tailShare }) => 3 + blocks * tailShare, // as measured: a second pass with attention carried out
  async map(tools, item) {
    const attention = wholeAttention(item);
    const sites = attention.sites.slice(-blocks);
    const seed = { dims: [1, item.seed.length], data: item.seed };
    const reading = await tools.read(item.image, namesOf(sites), seed, "own block");
    const { tokens } = attention;
    const row = new Float64Array(tokens);
    for (const site of sites) {
      const { gradients, heads } = attentionAt(site, reading);
      const mean = meanOverHeads(gradients, heads, (at) => Math.max(0, gradients[at]));
      for (let at = 0; at < mean.length; at++) row[at % tokens] += mean[at] / tokens / sites.length;
    }
    return { map: onGrid(row, attention, item), notes: { blocks: sites.length } };
  },
});
