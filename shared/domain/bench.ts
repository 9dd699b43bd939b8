import type { ErrorJson } from "../errors/app-error.ts";
import type { Interval } from "../statistics/proportion.ts";
import type {
  EvaluationCause,
  EvaluationGroup,
  EvaluationId,
  EvaluationValues,
} from "./evaluation.ts";
import type { ItemNo, JobId } from "./ids.ts";
import type { MapFlag } from "./map-flag.ts";
import { methodIds, type MethodId } from "./method-id.ts";
import type { Target } from "./target.ts";
import type { SeenArea } from "./preparation.ts";
import type { SheetState } from "./sheet.ts";

/**
 * Maps that know nothing of the class, shown beside every method: uniform random, a centred Gaussian, Sobel edges of the
 * picture, and the mean of the tapped channels. A method that does not beat the first three has shown nothing.
 */
export const referenceIds = ["random", "centre", "edges", "mean-activation"] as const;
export type ReferenceId = (typeof referenceIds)[number];

/** One column of a bench: a method's maps, or a reference's. */
export type BenchMapId = MethodId | ReferenceId;
export const benchMapIds: readonly BenchMapId[] = [...methodIds, ...referenceIds];

export function isReference(id: BenchMapId): id is ReferenceId {
  return referenceIds.some((reference) => reference === id);
}

/** A mean over images with what it rests on. */
export interface BenchMetric {
  readonly id: EvaluationId;
  /** NaN never travels: null where no image has a value. */
  readonly mean: number | null;
  /** 95 % bootstrap interval, 2 000 resamples, by patient or group where they are known. */
  readonly interval: Interval | null;
  readonly n: number;
  /** Images left out, by cause. */
  readonly excluded: Readonly<Partial<Record<EvaluationCause, number>>>;
}

/** How one map column did over all images. */
export interface BenchColumn {
  readonly id: BenchMapId;
  /** Cost of one map in plain forward passes; 0 for references but the mean activation. */
  readonly forwards: number;
  readonly images: number;
  readonly flagged: number;
  readonly flags: Readonly<Partial<Record<MapFlag, number>>>;
  /** Sanity checks of its reliability sheet; a reference has none. */
  readonly sheet: SheetState;
  readonly metrics: readonly BenchMetric[];
  /** 99th percentile of its positive raw values over all images: what a locked scale counts in. */
  readonly rawP99: number | null;
  /** Mean IoU at each τ from 0 to 1, and how the accuracy falls with the share removed. Empty when not measured. */
  readonly iouCurve: readonly number[];
  readonly bestTau: number | null;
  readonly morfAccuracy: readonly number[];
  /** Coherencies set to 0 for want of variation; noisy copies dropped because the prediction changed. */
  readonly counts: Readonly<Partial<Record<BenchCount, number>>>;
}

export const benchCounts = ["coherency-undefined", "noise-dropped", "noise-copies"] as const;
export type BenchCount = (typeof benchCounts)[number];

/** Two columns on the same images: a less b. */
export interface BenchPair {
  readonly metric: EvaluationId;
  readonly a: BenchMapId;
  readonly b: BenchMapId;
  readonly n: number;
  readonly difference: number;
  readonly interval: Interval;
  /** Wilcoxon signed-rank, two-sided; null with fewer than one difference. */
  readonly p: number | null;
  /** Images where a is better, of those that differ, with its Wilson interval. */
  readonly better: { readonly k: number; readonly n: number } & Interval;
}

export const refusals = ["sheet-failed", "flagged", "unsupported", "no-score"] as const;
/** Why a method was no candidate. */
export type Refusal = (typeof refusals)[number];

export interface Recommendation {
  /** null: none can be recommended. */
  readonly method: MethodId | null;
  /** What the methods were ordered by; null where no image has a score. */
  readonly score: "energy_lift" | "road" | null;
  readonly leader: MethodId | null;
  /** Methods whose paired 95 % interval against the leader includes 0, the leader first. */
  readonly tied: readonly MethodId[];
  readonly refused: readonly { readonly method: MethodId; readonly why: Refusal }[];
  /** Whether every candidate's sanity checks were made. */
  readonly isSheetKnown: boolean;
  /** The outcome in one sentence. */
  readonly sentence: string;
}

export interface BenchSettings {
  readonly tap: string;
  /** Grid of the maps. */
  readonly grid: readonly [height: number, width: number];
  readonly target: Target;
  /** What deletion and insertion remove. */
  readonly curveUnit: "pixel" | "cell";
  readonly seed: number;
  readonly groups: readonly EvaluationGroup[];
  /** Images drawn, of how many; by the seed, stratified by label. */
  readonly sampled: number;
  readonly of: number;
  readonly resampledBy: "group" | "image";
  readonly device: string;
}

export interface BenchResult {
  readonly settings: BenchSettings;
  readonly images: number;
  readonly failed: number;
  readonly columns: readonly BenchColumn[];
  /** On the deciding score every pair; on every other measure each column against the leader. */
  readonly pairs: readonly BenchPair[];
  readonly recommendation: Recommendation;
}

/** One column's map of one image: its bytes are at `bytesPaths.benchMap`. */
export interface BenchPane {
  readonly id: BenchMapId;
  readonly flags: readonly MapFlag[];
  /** Extremes of the raw map; null where there is none. */
  readonly raw: { readonly min: number; readonly max: number } | null;
  readonly values: EvaluationValues;
  /** What the method failed with on this image alone. */
  readonly error: ErrorJson | null;
}

/** One image with all its maps. */
export interface BenchItem {
  readonly no: ItemNo;
  /** Below the folder that was given. */
  readonly path: string;
  readonly label: string | null;
  readonly target: number | null;
  readonly predicted: number | null;
  /** Probability of the target. */
  readonly probability: number | null;
  readonly seen: SeenArea | null;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly panes: readonly BenchPane[];
  readonly error: ErrorJson | null;
}

/** A method that the model cannot give, with the reason. */
export interface BenchRefusal {
  readonly method: MethodId;
  readonly error: ErrorJson;
}

/** A bench as it happens. */
export type BenchEvent =
  | {
      readonly kind: "started";
      readonly bench: string;
      readonly job: JobId | null;
      readonly settings: BenchSettings;
      readonly columns: readonly BenchMapId[];
      readonly unsupported: readonly BenchRefusal[];
      readonly classNames: readonly string[];
      readonly planned: number;
      readonly notes: readonly string[];
    }
  | { readonly kind: "item"; readonly item: BenchItem; readonly tried: number }
  | {
      readonly kind: "sheet";
      readonly method: MethodId;
      readonly verdict: SheetState;
      /** Why there is none. */
      readonly error: ErrorJson | null;
      readonly tried: number;
      readonly planned: number;
    }
  | { readonly kind: "done"; readonly result: BenchResult };

/**
 * One locked scale for panes of different methods, whose raw values have no common unit: each is counted in its own 99th
 * percentile over the bench, and all panes end at the same multiple of it, the largest that any of them reaches.
 */
export function lockedRanges(
  panes: readonly { readonly rawMax: number; readonly rawP99: number }[],
): readonly { readonly low: 0; readonly high: number }[] {
  const multiples = panes.map(({ rawMax, rawP99 }) => (rawP99 > 0 ? rawMax / rawP99 : 0));
  const end = Math.max(0, ...multiples);
  return panes.map(({ rawP99 }) => ({ low: 0, high: end * Math.max(0, rawP99) }));
}
