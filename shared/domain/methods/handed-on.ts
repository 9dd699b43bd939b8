import type { MethodFacts } from "../method-facts.ts";
import type { MethodId } from "../method-id.ts";

/** Grad-CAM, handed on to places that are alike or neighbours. */
export const handedOn = {
  "ad-cam": {
    label: "AD-CAM",
    paper: "Huang et al. 2022",
    url: "https://arxiv.org/abs/2211.10931",
    cost: "gradient",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    description:
      "Grad-CAM handed on along attention, or likeness of features, where neighbours agree",
    weakness:
      "Hands evidence to the background too: on the sample set, at CAM's precision, it finds 0.36 of findings where CAM finds 0.71",
  },
  "vs-cam": {
    label: "VS-CAM",
    paper: "Feng et al. 2022",
    url: "https://arxiv.org/abs/2209.09104",
    cost: "gradient",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    description:
      "Grad-CAM shared among the vertices that a vision graph network lists as neighbours",
    weakness:
      "Reconstructed from its summary; without a graph in the model a pseudo-graph of the 9 most similar places stands in. On the sample's graph network 34 of the 40 most suspicious are planted (Grad-CAM: 24)",
  },
} satisfies Partial<Record<MethodId, MethodFacts>>;
