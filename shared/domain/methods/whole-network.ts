import type { MethodFacts } from "../method-facts.ts";
import type { MethodId } from "../method-id.ts";

/** What is swept back through every layer, not read at one. */
export const wholeNetwork = {
  "fg-cam": {
    label: "FG-CAM",
    paper: "Qiu et al. 2023",
    url: "https://arxiv.org/abs/2303.09171",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description:
      "Grad-CAM's parts swept back through the layers to a finer one; at the default layer to the picture itself",
    weakness:
      "Rules beyond a VGG's layers are our extension; none for attention, LayerNorm or resizing. On the sample it peaks on the planted marker in 56 of 56 pictures (Grad-CAM: 12), and its hot half has an IoU of 0.21 with the 180 findings (Grad-CAM: 0.07)",
  },
  "fg-cam-denoised": {
    label: "FG-CAM, denoised",
    paper: "Qiu et al. 2023",
    url: "https://arxiv.org/abs/2303.09171",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "FG-CAM from the few directions that hold most of Grad-CAM's parts",
    weakness:
      "Channel means are taken off, so the map sums to about zero; on small grids one direction is left. On the sample 0.11 of it lies in the finding (FG-CAM: 0.09, Grad-CAM: 0.05)",
  },
  fullgrad: {
    label: "FullGrad",
    paper: "Srinivas and Fleuret 2019",
    url: "https://arxiv.org/abs/1905.00780",
    cost: "gradient",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "none",
    description:
      "Gradient times picture, and times the bias of every layer: together they are the score",
    weakness:
      "Every channel is drawn at full strength, so faint ones count as much; signs are dropped",
  },
} satisfies Partial<Record<MethodId, MethodFacts>>;
