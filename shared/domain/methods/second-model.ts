import type { MethodFacts } from "../method-facts.ts";
import type { MethodId } from "../method-id.ts";

/** What a further head, taught on the labelled set, or further models show beside the model itself. */
export const secondModel = {
  recam: {
    label: "ReCAM (post-hoc head)",
    paper: "after Chen et al. 2022",
    url: "https://arxiv.org/abs/2203.00962",
    cost: "forward",
    status: "post-hoc-surrogate",
    isClassSpecific: true,
    zero: "natural",
    description:
      "CAM with the classifier's weights times those of a second head, taught on the labelled set to tell classes apart",
    weakness:
      "Two negative weights make a positive one: on the sample set maps of different classes overlap by 0.72, CAM's by 0.06",
    isFitted: true,
  },
  "rcs-mlff": {
    label: "RCS-MLFF",
    paper: "Meng et al. 2019",
    url: "https://arxiv.org/abs/1901.07683",
    cost: "forwards",
    status: "post-hoc-surrogate",
    isClassSpecific: true,
    zero: "natural",
    description:
      "What tells the class from each of five representative rivals, joined, and sharpened by a finer layer",
    weakness:
      "The paper trains a network per pair; here all pairs share one. On the sample it overlaps with findings by 0.15 (CAM: 0.10). In multi-label models a pair is no log-odds",
  },
  "rcs-mlff-binary": {
    label: "RCS-MLFF (binary models)",
    paper: "Meng et al. 2019",
    url: "https://arxiv.org/abs/1901.07683",
    cost: "forwards",
    status: "reconstruction",
    isClassSpecific: false,
    zero: "natural",
    description:
      "What the further, binary models show for their class against their rivals, joined, and sharpened by a finer layer",
    weakness:
      "Fusion reconstructed from the summary; it shows the given models, and of the model explained only the answer",
  },
} satisfies Partial<Record<MethodId, MethodFacts>>;
