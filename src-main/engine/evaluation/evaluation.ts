import type { BenchCount } from "../../../shared/domain/bench.ts";
import type {
  EvaluationCause,
  EvaluationGroup,
  EvaluationId,
} from "../../../shared/domain/evaluation.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { BoxIou } from "./box-curve.ts";
import type { Size } from "./finished-map.ts";
import type { GroundTruth } from "./ground-truth.ts";
import type { EvaluatedImage } from "./planes.ts";

/** One map of the image: raw `[h,w]`, null where there is no usable one. */
export interface EvaluatedMap {
  readonly id: string;
  readonly raw: Float32Array | null;
  /** Whether it counts in the agreement of methods: references do not. */
  readonly isMethod: boolean;
}

export interface EvaluationRequest {
  readonly image: EvaluatedImage;
  /** Logits of the unmodified image, and the class that all maps explain. */
  readonly logits: Float32Array;
  readonly target: number;
  readonly grid: Size;
  readonly maps: readonly EvaluatedMap[];
  readonly groups: readonly EvaluationGroup[];
  /** Or why there is none to measure by. */
  readonly truth: GroundTruth | EvaluationCause;
  /** Coverage 0..1 of the input's pixels by known shortcut regions; null where there are none. */
  readonly shortcut: Float32Array | null;
  /** Of the dataset's ties and subsets: the same for all its images. */
  readonly seed: number;
  /** Of this image's noise. */
  readonly itemSeed: number;
  /** Standard normal numbers, as many as the input has values, by a seed. */
  readonly normals: (count: number, seed: number) => Float32Array;
  /** What one standard deviation of photographs spans in this input. */
  readonly inputSpread: number;
}

export interface EvaluationTools {
  /** Logits `[M,C]` of whole inputs. */
  forward(images: Tensor): Promise<Tensor>;
  /** Logits, and raw maps by the maps with these indices, of whole inputs, for the same class. */
  explain(
    inputs: readonly Float32Array[],
    maps: readonly number[],
  ): Promise<
    readonly { readonly logits: Float32Array; readonly raw: readonly (Float32Array | null)[] }[]
  >;
  /** Inputs that one pass carries at most. */
  readonly chunk: number;
}

export interface MapEvaluation {
  readonly values: Partial<Record<EvaluationId, number | EvaluationCause>>;
  readonly counts: Partial<Record<BenchCount, number>>;
  /** What only the whole dataset can conclude from; empty where not measured. */
  readonly iou: readonly number[];
  readonly boxes: readonly BoxIou[];
  readonly stillPredicted: readonly number[];
}

export interface ImageEvaluation {
  readonly maps: readonly MapEvaluation[];
  /** Inputs that went through the model for the measures, explanations not counted. */
  readonly forwards: number;
}

/** A usable map, finished: what every measure reads. */
export interface Finished extends EvaluatedMap {
  /** Its place in the request. */
  readonly at: number;
  /** At input size, and on its own grid; 0..1. */
  readonly heat: Float32Array;
  readonly cells: Float32Array;
  /** Pixels by heat. */
  readonly hottest: Int32Array;
}

export type Values = Partial<Record<EvaluationId, number | EvaluationCause>>;

/** A number that may have come out undefined. */
export function defined(value: number): number | "undefined" {
  return Number.isFinite(value) ? value : "undefined";
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
