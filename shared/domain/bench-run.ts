import type { ErrorJson } from "../errors/app-error.ts";
import type { BenchCount, BenchMapId, BenchRefusal } from "./bench.ts";
import type { EvaluationGroup, EvaluationValues } from "./evaluation.ts";
import type { EvidenceSource } from "./evidence.ts";
import type { MapFlag } from "./map-flag.ts";
import type { MethodId } from "./method-id.ts";
import type { Target } from "./target.ts";
import type { TapDescription } from "./model.ts";
import type { Preparation, SeenArea } from "./preparation.ts";

/** A bench as an engine is asked for it: one model at one layer, several methods. */
export interface BenchSpec {
  readonly modelPath: string;
  readonly preparation: Preparation;
  readonly tap: string | null;
  readonly target: Target;
  /** A list; or all that the model supports, or of them the cheap ones. */
  readonly methods: "all" | "all-cheap" | readonly MethodId[];
  readonly seed: number;
}

export interface OpenedBench {
  readonly handle: string;
  readonly tap: TapDescription;
  readonly device: string;
  /** The methods in their order, then the references, with the cost of a map in plain forward passes. */
  readonly columns: readonly { readonly id: BenchMapId; readonly forwards: number }[];
  readonly unsupported: readonly BenchRefusal[];
}

export interface BenchSource {
  readonly no: number;
  readonly path: string;
  /** Index into the model's outputs; null without a label that the model knows. */
  readonly label: number | null;
  readonly evidence: EvidenceSource | null;
  readonly shortcut: EvidenceSource | null;
}

/** One column's map of one image, and what was measured of it. */
export interface BenchMap {
  /** `[H,W]`, raw. */
  readonly map: Float32Array | null;
  readonly flags: readonly MapFlag[];
  readonly values: EvaluationValues;
  readonly counts: Readonly<Partial<Record<BenchCount, number>>>;
  readonly iou: readonly number[];
  readonly boxes: readonly { readonly largest: number; readonly any: number }[];
  readonly stillPredicted: readonly number[];
  readonly error: ErrorJson | null;
}

export interface BenchOutcome {
  readonly no: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly logits: Float32Array | null;
  readonly target: number | null;
  readonly seen: SeenArea | null;
  /** In the order of the columns; empty when the picture failed. */
  readonly maps: readonly BenchMap[];
  /** Inputs that the measures ran, explanations not counted. */
  readonly forwards: number;
  readonly error: ErrorJson | null;
}

export interface BenchCall {
  readonly handle: string;
  readonly item: BenchSource;
  readonly groups: readonly EvaluationGroup[];
  /** The next one: its picture is read meanwhile. */
  readonly ahead: BenchSource | null;
}

/** A map that costs no more plain forward passes than this is cheap. */
export const cheapForwards = 12;
