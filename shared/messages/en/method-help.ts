import type { MethodId } from "../../domain/method-id.ts";

/** A method's page of help: how its map is made, when it is the right one, and when not to believe it. */
export interface MethodHelp {
  readonly formula: string;
  readonly how: string;
  readonly use: string;
  readonly doubt: string;
}

/** English: one page a method. Figures measured on the sample stand in its weakness (`shared/domain/methods`). */
export const methodHelp: Readonly<Record<MethodId, MethodHelp>> = {
  cam: {
    formula: "map = Σₖ W[c,k] · Aₖ",
    how: "The classifier's own weights are laid over the channels of its last layer. Where the head is pooling and one linear layer, the map adds up to the score: nothing is estimated.",
    use: "The first choice wherever it exists. It costs no more than the prediction itself.",
    doubt:
      "Its cells are as coarse as the last layer, often 32 pixels and more. A cell's value says what that cell adds, not which pixels in its receptive field did it.",
  },
  "grad-cam": {
    formula: "wₖ = mean(∂t/∂Aₖ);  map = Σₖ wₖ · Aₖ",
    how: "Each channel is weighted by how much the score would grow with it, averaged over all positions.",
    use: "When maps must be comparable with published work: it is the most used of all. On a pooled linear head it is CAM.",
    doubt:
      "Averaging the gradient forgets where it was. Behind any other head it can light up places that the model did not use: HiResCAM cannot.",
  },
  hirescam: {
    formula: "map = Σₖ ∂t/∂Aₖ ⊙ Aₖ",
    how: "Gradient times activation at each position, summed over channels, without averaging.",
    use: "The default for audits where the head is not pooling and one linear layer. Behind one linear layer it adds up to the score exactly.",
    doubt:
      "Behind several layers the gradient is local: it says what a small change would do. At a layer that only a normalisation reads it is rounding noise, and is flagged.",
  },
  "grad-cam-elementwise": {
    formula: "map = Σₖ max(0, ∂t/∂Aₖ ⊙ Aₖ)",
    how: "As HiResCAM, but what speaks against the class is dropped channel by channel before the sum.",
    use: "To see everything that speaks for the class, even where other channels speak against it.",
    doubt: "It never cancels, so it is wider than the evidence that decided.",
  },
  "grad-cam++": {
    formula: "wₖ = Σ αₖ · max(0, ∂t/∂Aₖ),  αₖ = G² / (2G² + ΣAₖ · G³)",
    how: "Positive gradients, each weighted so that several places of one kind count alike.",
    use: "Pictures with several objects of the class, where Grad-CAM shows the largest alone.",
    doubt:
      "Negative gradients are dropped: what speaks against the class is not seen. Under signed activations, as behind LayerNorm, its weights lose their meaning.",
  },
  "xgrad-cam": {
    formula: "wₖ = Σ ∂t/∂Aₖ · Aₖ / ΣAₖ",
    how: "Channels weighted by the share of the score that each accounts for.",
    use: "When the weights themselves are to be read: they keep sensitivity and conservation as well as one weight per channel can.",
    doubt:
      "Where activations cancel, the division is unstable; such channels fall back to Grad-CAM's weight.",
  },
  layercam: {
    formula: "map = Σₖ max(0, ∂t/∂Aₖ) ⊙ Aₖ",
    how: "Positive gradients weigh every position of every channel on its own.",
    use: "Early layers and fine detail: a ruler's ticks, a letter, a thin tube.",
    doubt: "It shows only what speaks for the class, and at early layers much of it is texture.",
  },
  "eigen-cam": {
    formula: "map = √λ₁ · q₁ of the centred activations",
    how: "The direction in which the layer's activations vary most. Neither class nor score takes part.",
    use: "To see what the layer represents at all, and as a map without gradients for any network.",
    doubt:
      "It is the same for every class, so it cannot say why one was chosen. Its sign is a convention, and flagged where the two sides are alike.",
  },
  "eigen-grad-cam": {
    formula: "map = √λ₁ · q₁ of G ⊙ A",
    how: "EigenCAM of gradient times activation, its sign taken from HiResCAM.",
    use: "A smoother HiResCAM that still follows the class.",
    doubt:
      "One component is drawn; where it holds little of the whole, the map holds little of the answer.",
  },
  "score-cam": {
    formula: "w = softmaxₖ t(x ⊙ Mₖ);  map = Σₖ wₖ · Aₖ",
    how: "The picture is masked with each channel in turn, and the score that is left weighs the channel.",
    use: "When gradients cannot be had or are not trusted, and time is no matter.",
    doubt:
      "Masked pictures are unlike any that the model has seen. The softmax sharpens small differences of the score into large ones of weight.",
  },
  "ablation-cam": {
    formula: "wₖ = (t(A) − t(A without k)) / |t(A)|",
    how: "Each channel is switched off, and the fall of the score is its weight.",
    use: "A gradient-free check of Grad-CAM: on a pooled linear head the two agree exactly.",
    doubt:
      "Channels that stand in for each other lose nothing when one goes, and so get no weight.",
  },
  "recipro-cam": {
    formula: "map[i,j] = score(A at (i,j) alone) − score(nothing)",
    how: "Every position is left alone in turn, all others blank, and what the classifier makes of it is its value.",
    use: "An independent witness: neither gradients nor masks of the picture. It is the second method that agreement is measured with.",
    doubt: "Evidence that needs two places at once is missed, since no two are ever seen together.",
  },
  fem: {
    formula: "map = Σₖ μₖ · [Aₖ > μₖ + 2σₖ]",
    how: "Places where a channel fires far above its own mean, weighted by that mean.",
    use: "A quick look at what stands out to the network, without any class.",
    doubt:
      "The same for every class. On grids of five cells or fewer nothing can lie two deviations out.",
  },
  "kpca-cam": {
    formula: "map = √λ₁ · q₁ of the centred kernel tanh(γ x·x′ + 1)",
    how: "EigenCAM with a kernel in place of the inner product, so that its component may bend.",
    use: "Beside EigenCAM, where one straight direction holds little.",
    doubt:
      "The same for every class. Large activations saturate the kernel and are scaled down first, which is noted.",
  },
  "finer-cam": {
    formula: "Grad-CAM of y꜀ − 0.6 · mean(the three nearest rivals)",
    how: "Grad-CAM of what sets the class apart from those that it is most easily taken for.",
    use: "Kinds that look alike: which detail decides between them?",
    doubt: "What the class shares with its rivals cancels, however much of the score it made.",
  },
  "smooth-grad-cam++": {
    formula: "Grad-CAM++ with G, G², G³ averaged over 4 noisy copies, σ = 0.3",
    how: "Grad-CAM++ whose gradients are averaged over noise on the picture, seeded.",
    use: "Deep heads whose gradients jump from pixel to pixel.",
    doubt: "On a linear head noise changes no gradient and the map is Grad-CAM++'s.",
  },
  "is-cam": {
    formula: "sₖ = mean over i of t(i/10 · x ⊙ Mₖ)",
    how: "Score-CAM with each masked picture brought up from dark to full in ten steps.",
    use: "A steadier Score-CAM for single pictures.",
    doubt:
      "Ten passes per channel: the slowest of all. The dark steps are unlike any training picture.",
  },
  "ss-cam": {
    formula: "sₖ = mean over 10 of t(x ⊙ (Mₖ + noise)), σ = 2",
    how: "Score-CAM with noise on its masks, seeded; the 32 channels that vary most take part.",
    use: "To compare with work that used it.",
    doubt:
      "The published noise is wider than the masks themselves, so much of the weight is chance.",
  },
  "fd-cam": {
    formula: "wₖ = exp(ŝₖ) · ĝₖ − 0.5",
    how: "Gradient weights, strengthened by what groups of similar channels do when they are kept alone and when they are taken away.",
    use: "Where Grad-CAM and Ablation-CAM disagree: it asks both.",
    doubt:
      "Weights are scaled between the least and the greatest, so the least always counts against the class.",
  },
  "cluster-cam": {
    formula: "map = S(best cluster) − S(worst cluster)",
    how: "Channels are gathered into ten clusters; the picture is masked with each, and the worst is taken off the best.",
    use: "A gradient-free map for few passes.",
    doubt:
      "Reconstructed from its summary. Two clusters of ten decide, and eight are not looked at again.",
  },
  "shapley-cam": {
    formula: "wₖ = mean(∇t − ½ ∇²t · A), t = y꜀ + log p꜀",
    how: "Grad-CAM with the curvature of the score taken into account, and a score that counts rivals.",
    use: "Confident answers, whose plain gradient says little.",
    doubt:
      "One step of curvature is not the whole way. Layers that round to integers have none to measure.",
  },
  "ad-cam": {
    formula:
      "M′ⱼ = Σᵢ Mᵢ · Tᵢⱼ,  T: rows of P ⊙ C brought to 1,  Cᵢⱼ = Σₖ √(Pᵢₖ · Pⱼₖ),  P: attention, else likeness",
    how: "Each place hands its Grad-CAM value on to those that it attends to, in shares, and only as far as both attend to the same neighbours. Without attention over the whole grid, likeness of features stands in for it.",
    use: "To compare with plain CAM where findings are large and CAM marks a part of them.",
    doubt:
      "Of its two promises the sample set bears out one (180 findings, 95 % intervals). Background marked at recall 0.5, 0.7 and 0.9 is 0.180, 0.206 and 0.241, less than direct coupling's by 0.041 (0.021 to 0.068), 0.041 (0.020 to 0.067) and 0.044 (0.023 to 0.071). But at CAM's precision it finds less than CAM, by 0.098 (0.028 to 0.173), 0.352 (0.281 to 0.416) and 0.537 (0.468 to 0.602).",
  },
  recam: {
    formula: "map = Σₖ W[c,k] · W″[c,k] · Aₖ,  W″: softmax regression on masked features",
    how: "What each labelled image shows of its class is cut out of its features by the class's own map. A second head learns to tell these apart, the network staying as it is, and both heads weigh the channels.",
    use: "Where maps of several classes cover the same places, as in models with one yes or no per class.",
    doubt:
      "It is no ReCAM of the paper, which trains the network too. Read the held-out accuracy first: on the sample set 47 of 48, the model's own head 45. There the product of both heads makes maps of all classes alike: they overlap by 0.724 (0.710 to 0.737), CAM's by 0.059 (0.051 to 0.069); --fit-mix product-signed: 0.129 (0.117 to 0.141). Heat inside findings changes by less than 0.01 in every mix.",
  },
  "vs-cam": {
    formula: "H = Pᵀ P B, P the neighbours of each vertex, B Grad-CAM",
    how: "Class evidence is shared among the vertices that a vision graph network itself lists as neighbours.",
    use: "Vision graph networks, whose vertices trade evidence by likeness and not by place.",
    doubt:
      "Reconstructed from its summary. Without a graph in the model a pseudo-graph stands in, and that is noted.",
  },
  "extended-cam": {
    formula: "E = Σₖ G ⊙ A, drawn with a Gaussian on each receptive field",
    how: "Each cell is drawn where its receptive field lies and as wide as it is effective, instead of a square of its own.",
    use: "To place a coarse map on the picture: padding moves cells away from where a plain enlargement puts them.",
    doubt: "Reconstructed from its summary. Its numbers are HiResCAM's; only the drawing differs.",
  },
  "rcs-mlff": {
    formula: "join over rivals r of the map of y꜀ − y_r, times a finer layer",
    how: "A few classes that stand for all rivals are chosen; what tells the class from each is joined and sharpened by an earlier layer.",
    use: "To see the whole object and not its most telling part alone.",
    doubt:
      "The paper trains a network for every pair; here all pairs share the audited one. That is a surrogate, and labelled one.",
  },
  "rcs-mlff-binary": {
    formula: "join over the given models of their maps, times a finer layer",
    how: "Binary models that you give with --with each show what tells the class from one rival.",
    use: "When such models exist: the method as its paper has it.",
    doubt: "It shows the given models. Of the audited one it uses the answer and nothing else.",
  },
  "fg-cam": {
    formula: "relevance of Grad-CAM's parts, swept back layer by layer",
    how: "The parts that make Grad-CAM are handed back through the layers by relevance rules, each layer keeping their sum.",
    use: "Fine maps that still add up to the coarse one: the outline of a finding, the letters of a marker.",
    doubt: "Published for VGG. Rules for other layers are our extension and noted as such.",
  },
  "fg-cam-denoised": {
    formula: "FG-CAM from the leading singular directions alone",
    how: "FG-CAM with the faint directions of its parts left out before the sweep.",
    use: "Where FG-CAM speckles.",
    doubt:
      "Channel means go with the noise, so its sum says nothing; on small grids one direction is left.",
  },
  ccrm: {
    formula: "max over crops and rounds of CAM, what was found hidden",
    how: "Four crops are looked at again and again, each time with what was found before hidden.",
    use: "Models that also know parts of objects.",
    doubt:
      "Every crop has a place of full response, object or not. A model that knows whole pictures alone is led astray.",
  },
  "attention-rollout": {
    formula: "R = Π (½ Āₗ + ½ I)",
    how: "Attention of all blocks multiplied up, as if tokens only mixed.",
    use: "Where information could have come from in a transformer, in one pass.",
    doubt:
      "The same for every class, and blind to what was made of what was attended to. Its zero means nothing.",
  },
  "attention-relevance": {
    formula: "R ← R + mean_heads(max(0, ∂t/∂Pₗ ⊙ Pₗ)) · R",
    how: "Attention that raised the score, followed through all blocks.",
    use: "The first choice among attention maps: it follows the class.",
    doubt:
      "What speaks against the class, and what passes by attention along the residual stream, is not seen.",
  },
  "grad-cam-attention": {
    formula: "map = mean_heads(mean(∂t/∂P) · P) of the class token's row",
    how: "Where the last block's heads look from the class token, weighted by their mean gradient.",
    use: "A quick look at the last block.",
    doubt: "Earlier blocks have mixed tokens already: a patch stands for what was gathered in it.",
  },
  legrad: {
    formula: "map = mean over the last blocks of Σ max(0, ∂sₗ/∂Pₗ)",
    how: "Each of the last blocks is scored by the classifier as if it were the last; positive gradients at its attention are summed.",
    use: "Class evidence per depth of a transformer.",
    doubt: "The classifier never saw a mean of tokens in training: a block's own score is a guess.",
  },
  fullgrad: {
    formula: "Σ ψ(x ⊙ ∂t/∂x) + Σₗ Σ ψ(bₗ ⊙ ∂t/∂zₗ)",
    how: "The score taken apart into the picture's share and the share of every bias in the network; together they are the score exactly.",
    use: "When nothing may be left out: it is refused where the sum does not meet the score.",
    doubt:
      "Every channel is drawn at full strength, so faint ones count as much as strong ones, and signs are dropped.",
  },
};
