import type { TapSession } from "../../../shared/domain/engine.ts";
import type { LabelSource } from "../../../shared/domain/fit.ts";
import type { Layout } from "../../../shared/domain/preparation.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { argMax } from "../kernels/scores.ts";
import { isFiniteArray } from "../kernels/maps.ts";
import { mapItemOf, rowOf, toolsFor } from "./explain.ts";
import type { MethodFit } from "./method.ts";

/** One cached vector: what an image says of one of its labels. */
export interface FitVector {
  readonly label: number;
  readonly values: Float32Array;
}

/** Everything cached, as the solver gets it: row r is `values[r·k …]` of image `items[r]` and output `labels[r]`. */
export interface FitCache {
  readonly k: number;
  readonly items: Int32Array;
  readonly labels: Int32Array;
  readonly values: Float32Array;
  /** Outputs of the model. */
  readonly outputs: number;
  /** `[C,K]` of a pooled linear head, already over n; else null. */
  readonly headWeights: Tensor | null;
  readonly seed: number;
  readonly source: LabelSource;
  readonly itemsRead: number;
  readonly empty: number;
  readonly failed: number;
}

export interface FitBatch {
  readonly session: TapSession;
  readonly fit: MethodFit;
  /** `[N,…]` as the preparation lays them out. */
  readonly images: Tensor;
  readonly layout: Layout;
  /** Outputs that each image is labelled with; null: what the model answers. */
  readonly labels: readonly (readonly number[] | null)[];
}

/** The vectors of a batch of images, by one forward pass; `empty` counts labels that carry nothing. */
export async function fitBatch({
  session,
  fit,
  images,
  layout,
  labels,
}: FitBatch): Promise<
  readonly { readonly vectors: readonly FitVector[]; readonly empty: number }[]
> {
  const forward = await session.forward(images);
  const [count, k, h, w] = forward.activations.dims;
  const made: { vectors: FitVector[]; empty: number }[] = [];
  for (let i = 0; i < count; i++) {
    const logits = rowOf(forward.logits, i);
    const tools = toolsFor(session, forward, i, count, k * h * w);
    const vectors: FitVector[] = [];
    let empty = 0;
    const isBroken = !isFiniteArray(rowOf(forward.activations, i));
    for (const label of labels[i] ?? answersOf(session, logits)) {
      const seed = Float32Array.from({ length: logits.length }, (_, c) => Number(c === label));
      const item = mapItemOf({ session, images, layout }, forward, i, { target: label, seed });
      const values = isBroken ? null : await fit.vector(tools, item);
      if (values && isFiniteArray(values)) vectors.push({ label, values });
      else empty++;
    }
    made.push({ vectors, empty });
  }
  return made;
}

/** What the model says by itself: every class over one half of a sigmoid, else the best one. */
function answersOf({ description }: TapSession, logits: ArrayLike<number>): readonly number[] {
  if (description.output.stripped !== "sigmoid") return [argMax(logits)];
  return Array.from({ length: logits.length }, (_, c) => c).filter((c) => logits[c] > 0);
}
