import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { TapDescription } from "../../../shared/domain/model.ts";
import type { MapFlag } from "../../../shared/domain/map-flag.ts";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import type { FitOptions, Fitted } from "../../../shared/domain/fit.ts";
import type { Reading, ReadScore } from "../../../shared/domain/engine.ts";
import type { ModelStructure } from "../../../shared/domain/structure.ts";
import type { FitCache } from "./fit.ts";
import type { OtherModel } from "./other-model.ts";
import type { Refusal, TapFacts } from "./tap-facts.ts";

/** What a method may ask for; it is given that and nothing else. */
export type Need = "activations" | "gradients" | "headWeights";

/** One image. `A` and `G` (empty unless asked for) are `[K,H,W]`, row-major; `head` is `[C,K]` (already over n) or `[C,K,H,W]`. */
export interface MapInput {
  readonly activations: Float32Array;
  readonly gradients: Float32Array;
  readonly headWeights: Tensor;
  readonly k: number;
  readonly h: number;
  readonly w: number;
  readonly logits: Float32Array;
  /** Weights of the logits in the target score `t = Σ seed_c·y_c`: one-hot, or a contrast. `[C]`. */
  readonly seed: Float32Array;
  /** The class explained (of a contrast: the one in favour). */
  readonly target: number;
}

type Given<N extends readonly Need[]> = Pick<
  MapInput,
  N[number] | "k" | "h" | "w" | "logits" | "seed" | "target"
>;

/** Raw map `[H,W]`, float32, before ReLU and scaling, with what must be said of it. */
export interface RawMap {
  readonly map: Float32Array;
  readonly flags?: readonly MapFlag[];
  /** EigenCAM: λ₁ / Σλ and the like, stored with the map. */
  readonly notes?: Readonly<Record<string, number>>;
}

/** Passes that a method orders itself; bound to one image. */
export interface MapTools {
  /** Logits `[M,C]` of whole inputs `[M,…]` laid out as the image is. */
  forward(images: Tensor): Promise<Tensor>;
  /** Activations and `∂(Σ_c seeds[m,c]·y[m,c])/∂A` of whole inputs, `[M,K,H,W]` each; `seeds [M,C]`. */
  gradient(
    images: Tensor,
    seeds: Tensor,
  ): Promise<{ readonly activations: Tensor; readonly gradients: Tensor }>;
  /** Logits `[M,C]` of the tail for changed activations `[M,K,H,W]` of this image; `kept [M,H,W]`: factors of `structure.besideTap`. */
  tail(activations: Tensor, kept?: Tensor): Promise<Tensor>;
  /** The same with `∂(Σ_c seeds[m,c]·y[m,c])/∂A` of each row, `[M,K,H,W]`; `seeds [M,C]`. */
  tailGradient(
    activations: Tensor,
    seeds: Tensor,
  ): Promise<{ readonly logits: Tensor; readonly gradients: Tensor }>;
  /** Values of the graph by name for one whole input `[1,…]`, and with a seed `[1,C]` the score's gradients there. */
  read(
    image: Tensor,
    names: readonly string[],
    seed: Tensor | null,
    score?: ReadScore,
  ): Promise<Reading>;
  /** Components `[1,K,H,W]` of one whole input at the map `from`, swept back to the map `to`: `[1,K,H,W]` there. */
  relevance(image: Tensor, components: Tensor, from: string, to: string): Promise<Tensor>;
  /** The k-th of the further models given with the run, from 0. */
  other(k: number): OtherModel;
  /** How many rows one call should carry at most; methods chunk by it. */
  readonly forwardChunk: number;
  readonly tailChunk: number;
}

export interface MapItem extends Pick<
  MapInput,
  "activations" | "gradients" | "k" | "h" | "w" | "logits" | "seed" | "target"
> {
  /** The prepared input of this image: `[1,C,Hx,Wx]` or `[1,Hx,Wx,C]`. */
  readonly image: Tensor;
  readonly layout: "NCHW" | "NHWC";
  /** `[C,K]` or `[C,K,H,W]` where the head is linear in the tap, else null: exact short cuts. */
  readonly headWeights: Tensor | null;
  readonly headBias: Float32Array | null;
  readonly isPooledLinear: boolean;
  /** A token grid of a transformer: prefix tokens stay beside it in every tail pass. */
  readonly isTokens: boolean;
  readonly tap: Pick<TapDescription, "name" | "isDefault" | "isScaleFree" | "receptiveField">;
  readonly structure: ModelStructure;
  /** For what is random in a method: the same number gives the same map, whatever else the batch holds. */
  readonly randomSeed: number;
  /** What one standard deviation of photographs spans in this input: 1 where it was normalised by ImageNet's. */
  readonly inputSpread: number;
  /** How many further models were given with the run. */
  readonly others: number;
  /** What the method's `fit` gave on the labelled items; null where it has none, or nothing was fitted. */
  readonly fitted: Fitted | null;
}

/** What a method learns from labelled items before its maps, as a phase of the run (architecture 7). */
export interface MethodFit {
  /** What is cached of an image for one of its labels, the item's target; null where it says nothing. One length throughout. */
  vector(tools: MapTools, item: MapItem): Promise<Float32Array | null>;
  /** From all of them, whatever order they were read in: the same cache gives the same numbers. */
  solve(cache: FitCache, options: FitOptions): Fitted;
}

/** What every method says of itself. */
interface MethodTerms {
  readonly id: MethodId;
  readonly needs: readonly Need[];
  /** Passes that it orders itself, as far as something depends on it; `slopes`: readings with a seed. */
  readonly uses?: readonly ("forward" | "gradient" | "tail" | "read" | "slopes" | "relevance")[];
  /** Why it cannot map at this tap, and what would; null where it can. A missing gradient need not be named. */
  requires?(facts: TapFacts): Refusal | null;
  /** Cost of one map in plain forward passes; unless stated, one, and a backward pass where it differentiates. */
  forwards?(facts: TapFacts): number;
  readonly fit?: MethodFit;
}

export type Method = MethodTerms &
  (
    | { compute(input: MapInput): RawMap | Float32Array }
    | { map(tools: MapTools, item: MapItem): Promise<RawMap | Float32Array> }
  );

/** A method that is a pure function of what it needs. Asking for too little does not compile. */
export function defineMethod<const N extends readonly Need[]>(
  method: Omit<MethodTerms, "needs"> & {
    readonly needs: N;
    compute(input: Given<N>): RawMap | Float32Array;
  },
): Method {
  return method;
}

/** A method that orders passes of its own. */
export function definePassMethod(method: Extract<Method, { map: unknown }>): Method {
  return method;
}
