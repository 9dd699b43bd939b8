/** Every method's facts: what window, command line and report say of it. The mathematics is in `engine/cam`. */
export const methodIds = [
  "cam",
  "grad-cam",
  "hirescam",
  "grad-cam-elementwise",
  "grad-cam++",
  "xgrad-cam",
  "layercam",
  "eigen-cam",
  "eigen-grad-cam",
  "score-cam",
  "ablation-cam",
  "recipro-cam",
  "fem",
  "kpca-cam",
  "finer-cam",
  "smooth-grad-cam++",
  "is-cam",
  "ss-cam",
  "fd-cam",
  "cluster-cam",
  "shapley-cam",
  "ad-cam",
  "recam",
  "vs-cam",
  "extended-cam",
  "rcs-mlff",
  "rcs-mlff-binary",
  "fg-cam",
  "fg-cam-denoised",
  "ccrm",
  "attention-rollout",
  "attention-relevance",
  "grad-cam-attention",
  "legrad",
  "fullgrad",
] as const;
export type MethodId = (typeof methodIds)[number];

export type MethodStatus = "as-published" | "reconstruction" | "post-hoc-surrogate";
/** `forward`: nothing beyond it. `gradient`: one backward over the tail. `tail`: many tail passes. `forwards`: many whole passes. */
export type CostClass = "forward" | "gradient" | "tail" | "forwards";

export interface MethodFacts {
  readonly label: string;
  readonly paper: string;
  readonly url: string;
  readonly cost: CostClass;
  readonly status: MethodStatus;
  /** Whether two classes of one image have different maps. */
  readonly isClassSpecific: boolean;
  /**
   * `natural`: 0 means no evidence. `baseline`: the score of an all-zero tap was subtracted. `none`: 0 means nothing; the
   * smallest value of each map is taken off before it is measured, and that is said.
   */
  readonly zero: "natural" | "baseline" | "none";
  /** It learns from the labelled items before its maps, so it works in an audit alone. */
  readonly isFitted?: true;
  /** How its maps are drawn unless asked otherwise: smoothly, unless stated. */
  readonly enlargement?: "gaussian";
  /** One line each, shown beside the method. */
  readonly description: string;
  readonly weakness: string;
}

export const methods: Readonly<Record<MethodId, MethodFacts>> = {
  cam: {
    label: "CAM",
    paper: "Zhou et al. 2016",
    url: "https://arxiv.org/abs/1512.04150",
    cost: "forward",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Channels of the last layer, weighted as the classifier weights them",
    weakness: "Exists only where pooling and one linear layer follow the map",
  },
  "grad-cam": {
    label: "Grad-CAM",
    paper: "Selvaraju et al. 2017",
    url: "https://arxiv.org/abs/1610.02391",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Channels weighted by their mean gradient",
    weakness: "Can light up places the model did not use when the head is not pooling",
  },
  hirescam: {
    label: "HiResCAM",
    paper: "Draelos and Carin 2020",
    url: "https://arxiv.org/abs/2011.08891",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Gradient times activation, summed over channels",
    weakness: "Exact only where one linear layer follows; noise at a scale-free layer",
  },
  "grad-cam-elementwise": {
    label: "Grad-CAM, element-wise",
    paper: "variant of Selvaraju et al. 2017, as in pytorch-grad-cam",
    url: "https://github.com/jacobgil/pytorch-grad-cam",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Positive part of gradient times activation, before the sum over channels",
    weakness: "Never cancels, so it is always wider than HiResCAM",
  },
  "grad-cam++": {
    label: "Grad-CAM++",
    paper: "Chattopadhay et al. 2018",
    url: "https://arxiv.org/abs/1710.11063",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description:
      "Positive gradients weighted by higher-order terms, for several objects in one picture",
    weakness: "Ignores what speaks against the class",
  },
  "xgrad-cam": {
    label: "XGrad-CAM",
    paper: "Fu et al. 2020",
    url: "https://arxiv.org/abs/2008.02312",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Channels weighted by gradient times share of activation",
    weakness: "Weak where activations are signed, as after LayerNorm",
  },
  layercam: {
    label: "LayerCAM",
    paper: "Jiang et al. 2021",
    url: "https://doi.org/10.1109/TIP.2021.3089943",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Positive gradients times activation: fine detail at early layers",
    weakness: "Ignores what speaks against the class",
  },
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
  "score-cam": {
    label: "Score-CAM",
    paper: "Wang et al. 2020",
    url: "https://arxiv.org/abs/1910.01279",
    cost: "forwards",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Channels weighted by the score of the picture masked with them; no gradient",
    weakness: "One forward pass per channel: slow",
  },
  "ablation-cam": {
    label: "Ablation-CAM",
    paper: "Ramaswamy and Desai 2020",
    url: "https://openaccess.thecvf.com/content_WACV_2020/html/Desai_Ablation-CAM_Visual_Explanations_for_Deep_Convolutional_Network_via_Gradient-free_Localization_WACV_2020_paper.html",
    cost: "tail",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Channels weighted by how far the score falls without them; no gradient",
    weakness: "One tail pass per channel, unless the head is pooling and one linear layer",
  },
  "recipro-cam": {
    label: "Recipro-CAM",
    paper: "Byun and Lee 2022",
    url: "https://arxiv.org/abs/2209.14074",
    cost: "tail",
    status: "as-published",
    isClassSpecific: true,
    zero: "baseline",
    description: "Score of the tail when one position of the map is left; no gradient",
    weakness: "Positions are tried one at a time, so evidence that needs two is missed",
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
  "finer-cam": {
    label: "Finer-CAM",
    paper: "Zhang et al. 2025",
    url: "https://arxiv.org/abs/2501.11309",
    cost: "gradient",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    description: "Grad-CAM of the score less 0.6 of the mean of its three nearest rivals",
    weakness: "Shows what tells the class from its rivals, not all that speaks for it",
  },
  "smooth-grad-cam++": {
    label: "Smooth Grad-CAM++",
    paper: "Omeiza et al. 2019",
    url: "https://arxiv.org/abs/1908.01224",
    cost: "forwards",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    description: "Grad-CAM++ with gradients averaged over four noisy copies of the picture, seeded",
    weakness:
      "Noise changes nothing where the head is linear; ignores what speaks against the class",
  },
  "is-cam": {
    label: "IS-CAM",
    paper: "Naidu et al. 2020",
    url: "https://arxiv.org/abs/2010.03023",
    cost: "forwards",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    description: "Score-CAM with scores averaged over ten steps of intensity; no gradient",
    weakness: "Ten forward passes per channel: the slowest",
  },
  "ss-cam": {
    label: "SS-CAM",
    paper: "Wang et al. 2020",
    url: "https://arxiv.org/abs/2006.14255",
    cost: "forwards",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    description: "Score-CAM with scores averaged over ten noisy masks, seeded; no gradient",
    weakness: "Only the 32 channels that vary most take part; the noise outweighs the masks",
  },
  "fd-cam": {
    label: "FD-CAM",
    paper: "Li et al. 2022",
    url: "https://arxiv.org/abs/2206.08792",
    cost: "tail",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Gradient weights times what groups of similar channels do switched on and off",
    weakness: "The channel with the smallest gradient always counts against the class",
  },
  "cluster-cam": {
    label: "Cluster-CAM",
    paper: "Feng et al. 2023",
    url: "https://arxiv.org/abs/2302.01642",
    cost: "forwards",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    description: "The best of ten clusters of channels as a mask, less the worst; no gradient",
    weakness: "Reconstructed from its summary; two clusters of ten decide the map",
  },
  "shapley-cam": {
    label: "ShapleyCAM",
    paper: "Cai 2025",
    url: "https://arxiv.org/abs/2501.06261",
    cost: "gradient",
    status: "as-published",
    isClassSpecific: true,
    zero: "natural",
    description: "Channels weighted by gradient and curvature of logit plus log-probability",
    weakness: "Eight tail passes where the head is not linear; one step of curvature, not more",
  },
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
  "extended-cam": {
    label: "Extended-CAM",
    paper: "Kim et al. 2020",
    url: "https://arxiv.org/abs/2001.05153",
    cost: "gradient",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    enlargement: "gaussian",
    description:
      "Gradient times activation, drawn with a Gaussian on each cell's receptive field, as wide as it is effective",
    weakness:
      "Reconstructed from its summary; its numbers are HiResCAM's, the Gaussians are how it is drawn",
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
      "What binary models given with --with show for their class against their rivals, joined, and sharpened by a finer layer",
    weakness:
      "Fusion reconstructed from the summary; it shows the given models, and of the model explained only the answer",
  },
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
  ccrm: {
    label: "CCRM",
    paper: "Sun et al. 2022",
    url: "https://arxiv.org/abs/2110.14309",
    cost: "forwards",
    status: "reconstruction",
    isClassSpecific: true,
    zero: "natural",
    description:
      "CAM of four crops, each looked at up to five times with what was found hidden; the greatest response counts",
    weakness:
      "Every crop has a place of full response, whether it shows the object or not. On the sample, whose model knows whole pictures alone, its hot half has an IoU of 0.01 with the 180 findings (Grad-CAM: 0.07), and it peaks on the marker in 3 of 56 pictures (Grad-CAM: 12)",
  },
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
};

export type Target =
  | { readonly kind: "predicted" }
  | { readonly kind: "label" }
  | { readonly kind: "class"; readonly index: number }
  /** Logit of the predicted class minus that of the runner-up. */
  | { readonly kind: "top-2" };

export const mapFlags = [
  "no-positive-evidence",
  "flat",
  "non-finite",
  "sign-ambiguous",
  "no-spatial-extent",
  "no-target",
] as const;
export type MapFlag = (typeof mapFlags)[number];
