import type { ReadScore } from "../../../shared/domain/engine.ts";
import type { HeadKind, MethodSupport, TapDescription } from "../../../shared/domain/model.ts";
import type { ModelStructure } from "../../../shared/domain/structure.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";

/** Why a method cannot map a model at a tap, in the words of the catalogue. */
export type Refusal = NonNullable<MethodSupport["refusal"]>;

/** What is known of a model at a tap before any picture is read: by this a method says whether it can, and at what cost. */
export interface TapFacts {
  readonly tap: TapDescription;
  readonly head: { readonly kind: HeadKind; readonly weights: Tensor | null };
  readonly classes: number;
  /** Cost of the tail as a share of the whole model's, 0..1. */
  readonly tailShare: number;
  readonly structure: ModelStructure;
  /** Whether the tail rounds to integers: it has steps then, and no slope of a slope. */
  readonly rounds: boolean;
  /** Why there is no gradient down to the tap; null where there is one. */
  gradientRefusal(): Refusal | null;
  /** The same for a score at values read by name; left off by an engine that shows no structure. */
  readingRefusal?(names: readonly string[], score?: ReadScore): Refusal | null;
}
