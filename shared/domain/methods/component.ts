import type { MethodFacts } from "../method-facts.ts";
import type { MethodId } from "../method-id.ts";

/** What stands out in the activations of one layer: components and firing rates. */
export const component = {
  "eigen-cam": {
    label: "EigenCAM",
    paper: "Muhammad and Yeasin 2020",
    url: "https://arxiv.org/abs/2008.00299",
    cost: "forward",
    status: "as-published",
    isClassSpecific: false,
    zero: "natural",
    description: "First principal component of the activations",
    weakness: "The same map for every class; its sign is a convention",
  },
  "eigen-grad-cam": {
    label: "EigenGradCAM",
    paper: "as in pytorch-grad-cam",
    url: "https://github.com/jacobgil/pytorch-grad-cam",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "First principal component of gradient times activation",
    weakness: "Shows one component; what the others hold is not drawn",
  },
  fem: {
    label: "FEM",
    paper: "Fuad et al. 2020",
    url: "https://hal.science/hal-02963298",
    cost: "forward",
    status: "as-published",
    isClassSpecific: false,
    zero: "natural",
    description:
      "Places where channels fire two deviations above their mean, weighted by that mean",
    weakness: "The same map for every class; zeros on grids of five cells or fewer",
  },
  "kpca-cam": {
    label: "KPCA-CAM",
    paper: "Karmani et al. 2024",
    url: "https://arxiv.org/abs/2410.00267",
    cost: "forward",
    status: "reconstruction",
    isClassSpecific: false,
    zero: "natural",
    description: "First kernel principal component of the activations, sigmoid kernel",
    weakness:
      "The same map for every class; its sign is a convention; large activations are scaled down",
  },
} satisfies Partial<Record<MethodId, MethodFacts>>;
