/** How a second head's weights `W″` join those of the model, `W`, in ReCAM. */
export const headMixes = ["product", "product-signed", "softmax-only", "sum", "base"] as const;
export type HeadMix = (typeof headMixes)[number];

/** What a person may choose of a method that learns from the labelled items before its maps. */
export interface FitOptions {
  /** Indices of the model's outputs that take part; null: every class with enough labelled items. */
  readonly classes: readonly number[] | null;
  /** null: `product`, and `softmax-only` where the model's head is not pooling and one linear layer. */
  readonly mix: HeadMix | null;
}

/** Where the labels came from: the dataset, or, where it has none, the model's own answers. */
export type LabelSource = "labels" | "predictions";

/** What is said of a fit beside its numbers. */
export interface FitFacts {
  readonly source: LabelSource;
  /** Items read, vectors cached of them, vectors left out since they carry nothing, items that could not be read. */
  readonly items: number;
  readonly vectors: number;
  readonly empty: number;
  readonly failed: number;
  /** Outputs that took part, ascending; the others keep the model's own weights. */
  readonly classes: readonly number[];
  /** Vectors of held-out images that the new head, and the model's own, put into their class. */
  readonly heldOut: { readonly right: number; readonly n: number };
  readonly base: { readonly right: number; readonly n: number } | null;
  readonly penalty: number;
  readonly mix: HeadMix;
}

/** What a method learnt: numbers that only it understands, and what is said of them. */
export interface Fitted {
  readonly dims: readonly number[];
  readonly values: Float32Array;
  readonly facts: FitFacts;
}
