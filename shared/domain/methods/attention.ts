import type { MethodFacts } from "../method-facts.ts";
import type { MethodId } from "../method-id.ts";

/** What a transformer's attention says. */
export const attention = {
  "attention-rollout": {
    label: "Attention rollout",
    paper: "Abnar and Zuidema 2020",
    url: "https://arxiv.org/abs/2005.00928",
    cost: "forward",
    status: "as-published",
    isClassSpecific: false,
    zero: "none",
    description: "Attention of all blocks multiplied, half of each token kept; mean of the heads",
    weakness: "The same map for every class; says where attention went, not what was made of it",
  },
  "attention-relevance": {
    label: "Gradient-weighted attention",
    paper: "Chefer et al. 2021 (generic attention explainability)",
    url: "https://arxiv.org/abs/2103.15679",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Attention of all blocks, weighted by positive gradients and added up on its way",
    weakness:
      "Ignores what speaks against the class, and what passes by attention. On the sample's transformer its hottest cell lay on the planted marker in 68 of 68 pictures, Grad-CAM's in 19",
  },
  "grad-cam-attention": {
    label: "Grad-CAM on attention",
    paper: "baseline of Chefer et al. 2021",
    url: "https://arxiv.org/abs/2012.09838",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description:
      "Where the last block's heads look from the class token, weighted by mean gradients",
    weakness:
      "Reads one block; what earlier blocks mixed into a patch counts for that patch. On the sample's transformer no hottest cell lay on the planted marker",
  },
  legrad: {
    label: "LeGrad",
    paper: "Bousselham et al. 2024",
    url: "https://arxiv.org/abs/2404.03214",
    cost: "gradient",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    description: "Positive gradients of the last two blocks' own scores at their attention",
    weakness: "A block's own score gives the classifier a mean it was not trained on",
  },
} satisfies Partial<Record<MethodId, MethodFacts>>;
