import type { HeadKind, MethodSupport, ModelDescription, TapDescription } from "./model.ts";
import type { ModelStructure } from "./structure.ts";
import type { Tensor } from "./tensor.ts";

/**
 * What an engine offers for one model at one tap: four primitives, over which every method is written once. Tensors of
 * the tap are always on the grid, channels first: `[N,K,H,W]`; prefix tokens and layouts are the engine's business.
 */
export interface TapSession {
  readonly description: ModelDescription;
  readonly tap: TapDescription;
  readonly head: TapHead;
  readonly structure: ModelStructure;
  /** Every method at this tap. */
  readonly methods: readonly MethodSupport[];
  /** Logits `[N,C]` and activations `[N,K,H,W]`. `images` as the preparation lays them out, any N. */
  forward(images: Tensor): Promise<Forward>;
  /**
   * As `forward`, with `G = ∂(Σ_c seed[n,c]·y[n,c]) / ∂A`, `[N,K,H,W]`. `seed [N,C]`, or "predicted" (one-hot at the
   * arg-max) and "top-2" (e_best − e_runner-up), which the engine finds inside the same run: no second pass.
   */
  gradient(
    images: Tensor,
    seed: Tensor | "predicted" | "top-2",
  ): Promise<Forward & { readonly gradients: Tensor }>;
  /**
   * Logits `[M,C]` of the tail for changed activations `[M,K,H,W]`. `rows[m]` names the image of `from` that row m
   * belongs to: what else crosses the cut (prefix tokens, skip connections) is taken from it. `kept [M,H,W]`: factors of the
   * patch tokens in `structure.besideTap`, row by row.
   */
  tail(from: Forward, activations: Tensor, rows: Int32Array, kept?: Tensor): Promise<Tensor>;
  /**
   * As `tail`, with `∂(Σ_c seeds[m,c]·y[m,c]) / ∂A` of each row, `[M,K,H,W]`: several classes of one image for one pass of the
   * layers before the tap, or slopes beside the activations.
   */
  tailGradient(
    from: Forward,
    activations: Tensor,
    rows: Int32Array,
    seeds: Tensor,
  ): Promise<{ readonly logits: Tensor; readonly gradients: Tensor }>;
  /**
   * Values of the graph by name, as the graph lays them out, for whole inputs; with a seed `[N,C]` also
   * `∂(Σ_c seed[n,c]·y[n,c])/∂value` for each. Names come from `structure`, or are taps.
   */
  read(
    images: Tensor,
    names: readonly string[],
    seed: Tensor | null,
    score?: ReadScore,
  ): Promise<Reading>;
  /**
   * Components `[N,K,H,W]` at `from` swept back to `to`, `[N,K,H,W]` there: each layer hands on what lies at its output in
   * proportion to what its inputs added to it. Both are maps of the graph, on their grids; `to` may be the picture. Left off
   * by an engine that cannot.
   */
  relevance?(images: Tensor, components: Tensor, from: string, to: string): Promise<Tensor>;
  close(): Promise<void>;
}

/**
 * Which score is differentiated: the model's, unless stated, or of each attention the one that its own block gives: what the
 * classifier makes of the mean of the tokens that leave the block (LeGrad).
 */
export type ReadScore = "model" | "own block";

export interface Reading {
  readonly logits: Tensor;
  readonly values: ReadonlyMap<string, Tensor>;
  /** Of the same shapes; empty without a seed. */
  readonly gradients: ReadonlyMap<string, Tensor>;
}

export interface Forward {
  readonly logits: Tensor;
  readonly activations: Tensor;
  /** Opaque to methods: what `tail` needs besides the activations. */
  readonly context: unknown;
}

/** What the compiled graph says about the tail. */
export interface TapHead {
  readonly kind: HeadKind;
  /**
   * With `pooled-linear` and `affine` heads `y_c = Σ_k,i,j weights·A + bias_c`. `weights` is `[C,K]` (the same at every
   * position, already divided by n = H·W) or `[C,K,H,W]`; null for general heads.
   */
  readonly weights: Tensor | null;
  /** `[C]`; null for general heads. */
  readonly bias: Float32Array | null;
}
