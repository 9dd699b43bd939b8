import type { Cover } from "../../shared/domain/identity.ts";
import { z } from "zod";
import type {
  BenchCall,
  BenchOutcome,
  BenchSpec,
  OpenedBench,
} from "../../shared/domain/bench-run.ts";
import type { CrossCheck } from "../../shared/domain/cross-check.ts";
import type { DeviceSetting, Provider } from "../../shared/domain/device.ts";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { FitOptions, Fitted, LabelSource } from "../../shared/domain/fit.ts";
import type { LayerFusion } from "../../shared/domain/fusion.ts";
import type { OtherFacts, OtherSource } from "../../shared/domain/other-model.ts";
import type { ExportedGraph } from "../../shared/domain/exported-graph.ts";
import type { ErrorJson } from "../../shared/errors/app-error.ts";
import type { MapFlag } from "../../shared/domain/map-flag.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { PicturePath } from "../../shared/domain/picture-path.ts";
import type { FillId, MeasuredTest } from "../../shared/domain/region-test.ts";
import type { Shape } from "../../shared/domain/review.ts";
import type { Target } from "../../shared/domain/target.ts";
import type { MetricId, NaCause, ScoreId } from "../../shared/domain/metrics.ts";
import type { ModelDescription, TapDescription } from "../../shared/domain/model.ts";
import type { LabelOptions } from "../../shared/domain/pseudo-labels.ts";
import type { Preparation, SeenArea } from "../../shared/domain/preparation.ts";
import type { MeasuredSheet, SheetOrder } from "../../shared/domain/sheet.ts";

/** Messages between the host and an engine process. The first one from the engine states this version. */
export const protocolVersion = 1;

export type { EvidenceShape, EvidenceSource } from "../../shared/domain/evidence.ts";

export interface EngineItem {
  readonly no: number;
  readonly path: string;
  /** Index into the model's outputs; null without a label that the model knows. */
  readonly label: number | null;
  readonly evidence: EvidenceSource | null;
  /** Whether the sampled metrics (agreement, stability, necessity) are measured for it. */
  readonly isSampled: boolean;
}

export interface RunSpec {
  readonly modelPath: string;
  readonly preparation: Preparation;
  readonly tap: string | null;
  readonly method: MethodId;
  readonly secondMethod: MethodId | null;
  readonly target: Target;
  readonly seed: number;
  readonly batch: number;
  /** What its method learnt, for one that learns before it maps; absent while it does. */
  readonly fitted?: Fitted | null;
  /** Several layers whose maps become one, instead of `tap`. */
  readonly fusion?: LayerFusion | null;
  /** Further models, for a method that compares. */
  readonly others?: readonly OtherSource[];
}

/** A picture to learn from. */
export interface FitItem {
  readonly no: number;
  readonly path: string;
  /** Indices of the model's outputs; null: what the model answers. */
  readonly labels: readonly number[] | null;
}

export interface FitOutcome {
  readonly no: number;
  readonly vectors: readonly { readonly label: number; readonly values: Float32Array }[];
  /** Labels that carry nothing. */
  readonly empty: number;
  readonly error: ErrorJson | null;
}

/** Vectors as the host keeps them: per row item and label, little-endian 32-bit whole numbers, then `k` floats. */
export interface FitPack {
  readonly path: string;
  readonly rows: number;
  readonly k: number;
  readonly source: LabelSource;
  readonly itemsRead: number;
  readonly empty: number;
  readonly failed: number;
}

/** One item's outcome. Bulk values are typed arrays; the process channel uses structured clone. */
export interface ItemResult {
  readonly no: number;
  readonly sha256: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly averageGrey: number | null;
  readonly logits: Float32Array | null;
  readonly target: number | null;
  readonly map: Float32Array | null;
  readonly mapDims: readonly [height: number, width: number] | null;
  readonly flags: readonly MapFlag[];
  readonly seen: SeenArea | null;
  readonly metrics: Readonly<Partial<Record<MetricId | ScoreId, number | NaCause>>>;
  /** Detected artefacts by name, as shares of heat: what a reason may name. */
  readonly artefacts: Readonly<Record<string, number>>;
  readonly error: ErrorJson | null;
}

export interface OpenedModel {
  readonly description: ModelDescription;
  readonly tap: TapDescription;
  readonly gradient: "closed-form" | "compiled" | "none";
  readonly method: MethodId;
  readonly secondMethod: MethodId | null;
  readonly device: string;
  /** The further models, in the order given. */
  readonly others: readonly OtherFacts[];
}

/** One image of a reliability sheet. */
export interface SheetItem {
  readonly no: number;
  readonly path: string;
  /** Patient or group: intervals are drawn by it. */
  readonly group: string | null;
  /** The run's map and its class, where it has one of a single class's score. */
  readonly stored: { readonly map: Float32Array; readonly target: number } | null;
}

export interface SheetSpec {
  readonly modelPath: string;
  readonly preparation: Preparation;
  readonly tap: string;
  readonly method: MethodId;
  /** What its method learnt on the model as it is: no weight of it, so it stays. */
  readonly fitted: Fitted | null;
  readonly seed: number;
  /** Drawn in this order. */
  readonly items: readonly SheetItem[];
  readonly order: SheetOrder;
  readonly isSmooth: boolean;
}

/** What pictures are labelled with, and how. */
export interface LabelSpec extends Omit<RunSpec, "batch" | "target" | "secondMethod"> {
  readonly options: LabelOptions;
}

export interface LabelItem {
  readonly no: number;
  readonly path: string;
  /** Outputs that it is labelled with. */
  readonly labels: readonly number[];
  /** For truth, where there is some. */
  readonly evidence: EvidenceSource | null;
}

/** Labels of one picture. Pixels are 0 background, output + 1, 255 open. */
export interface LabelOutcome {
  readonly no: number;
  readonly width: number;
  readonly height: number;
  /** Outputs that could be labelled. */
  readonly classes: readonly number[];
  /** A palette picture whose numbers are the labels; null where the picture could not be labelled. */
  readonly png: Uint8Array | null;
  /** Per class labelled: pixels, the box around them (left, top, width, height), compressed run lengths. */
  readonly objects: readonly {
    readonly class: number;
    readonly area: number;
    readonly box: readonly [number, number, number, number];
    readonly counts: string;
  }[];
  readonly coverage: readonly { readonly label: number; readonly n: number }[];
  /** Against truth, null without it: pixels by (truth, label), and what a sweep of θ needs. */
  readonly pairs:
    readonly { readonly truth: number; readonly label: number; readonly n: number }[] | null;
  readonly sweep:
    | readonly {
        readonly truth: number;
        readonly label: number;
        readonly over: readonly number[];
      }[]
    | null;
  readonly error: ErrorJson | null;
}

/** A region test: of which picture and model, where, and against how many places. */
export interface RegionTestCall {
  readonly modelPath: string;
  /** Another file than this is refused: a test belongs to its run's model. */
  readonly modelSha256: string;
  readonly preparation: Preparation;
  readonly path: PicturePath;
  readonly shape: Shape;
  readonly evidence: EvidenceSource | null;
  /** Positive part of the run's map, `[height, width]`; null where it has none. */
  readonly map: {
    readonly heat: Float32Array;
    readonly height: number;
    readonly width: number;
  } | null;
  /** null: the predicted class. */
  readonly target: number | null;
  readonly fill: FillId;
  readonly controls: number;
  readonly seed: number;
}

/** Requests by name: what goes out, what comes back. */
export interface EngineRequests {
  inspect: { in: { modelPath: string; preparation: Preparation | null }; out: ModelDescription };
  /** Opens model and tap for a run; methods and tap left null are chosen and reported. */
  openRun: {
    in: Omit<RunSpec, "method" | "batch"> & { readonly method: MethodId | null };
    out: OpenedModel & { readonly handle: string };
  };
  maps: {
    in: {
      handle: string;
      items: readonly EngineItem[];
      batch: number;
      /** Items of the next call: their pictures are read while these are mapped. */
      ahead: readonly EngineItem[];
    };
    out: readonly ItemResult[];
  };
  /** The device of what is opened from now on. */
  useDevice: { in: { device: DeviceSetting }; out: null };
  /** Runs one addition on every device; what each says is wrong, null where it works. */
  testDevices: {
    in: Record<string, never>;
    out: readonly { readonly device: Provider; readonly problem: string | null }[];
  };
  /** One picture's maps for several classes, the layers before the tap run once: `maps` in their order, the item without one. */
  classMaps: {
    in: { handle: string; item: EngineItem; classes: readonly number[] };
    out: {
      readonly item: ItemResult;
      readonly maps: readonly {
        readonly map: Float32Array | null;
        readonly flags: readonly MapFlag[];
      }[];
    };
  };
  closeRun: { in: { handle: string }; out: null };
  /** Vectors that the method of an opened run learns from. */
  fitVectors: {
    in: { handle: string; items: readonly FitItem[] };
    out: readonly FitOutcome[];
  };
  /** Opens a model for labelling pictures, once per scale that it takes. */
  openLabels: { in: LabelSpec; out: { handle: string; scales: readonly number[] } };
  labelNext: { in: { handle: string; item: LabelItem }; out: LabelOutcome };
  closeLabels: { in: { handle: string }; out: null };
  /** What it learns from all of them. */
  solveFit: { in: { handle: string; pack: FitPack; options: FitOptions }; out: Fitted };
  /** Begins a reliability sheet; `sheetNext` makes a few maps of it, and gives the sheet with the last ones. */
  openSheet: { in: SheetSpec; out: { readonly handle: string } };
  sheetNext: {
    in: { handle: string };
    out: {
      readonly tried: number;
      readonly planned: number;
      readonly sheet: MeasuredSheet | null;
    };
  };
  closeSheet: { in: { handle: string }; out: null };
  /** Opens a model for several methods at once; `benchNext` maps and measures one image by all of them. */
  openBench: { in: BenchSpec; out: OpenedBench };
  benchNext: { in: BenchCall; out: BenchOutcome };
  closeBench: { in: { handle: string }; out: null };
  /** Covers a region of one picture, runs again, and holds it against the same shape elsewhere. */
  regionTest: { in: RegionTestCall; out: MeasuredTest };
  /** Predictions only, to prove a preparation: logits `[C]` per preparation and picture, or its error. */
  predict: {
    in: { modelPath: string; preparations: readonly Preparation[]; paths: readonly string[] };
    out: readonly (readonly (Float32Array | ErrorJson)[])[];
  };
  /**
   * The model with a method's map as a second output, as the bytes of one ONNX file, held against the app's own map on
   * seeded noise: `difference` as a share of its maximum, null where that map is no more than rounding.
   */
  exportGraph: {
    in: { modelPath: string; method: MethodId; tap: string | null; version: string };
    out: Omit<ExportedGraph, "file" | "bytes"> & { readonly bytes: Uint8Array };
  };
  /** A model on both engines, on seeded noise and these files; `size` for models that leave theirs free. */
  crossCheck: {
    in: {
      modelPath: string;
      tap: string | null;
      images: readonly string[];
      size: { readonly heightPx: number; readonly widthPx: number } | null;
    };
    out: CrossCheck;
  };
  /** Oriented picture as JPEG (PNG for the prepared input), longer side at most `size`. */
  picture: {
    in: { path: string; size: number; cover?: Cover | null };
    out: { bytes: Uint8Array; width: number; height: number; averageGrey: number };
  };
  prepared: { in: { path: string; preparation: Preparation }; out: { bytes: Uint8Array } };
  /** Header only: nothing is unpacked. */
  probe: { in: { path: string }; out: { width: number; height: number; format: string } };
  evidence: {
    in: { path: string; evidence: EvidenceSource; size: number };
    out: { bytes: Uint8Array };
  };
  /** image | map | overlay for the report, square of `size` pixels each. */
  plate: {
    in: {
      path: string;
      size: number;
      map: { values: Float32Array; height: number; width: number; seen: SeenArea } | null;
      evidence: EvidenceSource | null;
      shapes: readonly { readonly kind: string; readonly shape: Shape }[];
      cover?: Cover | null;
      view: { colours: string; opacity: number; threshold: number; min: number; max: number };
    };
    out: { image: Uint8Array; map: Uint8Array | null; overlay: Uint8Array | null };
  };
  /** The picture with its map over it and a legend strip below, PNG: what `hansight explain` writes. */
  overlay: {
    in: {
      path: string;
      size: number;
      map: { values: Float32Array; height: number; width: number; seen: SeenArea };
      view: {
        colours: string;
        opacity: number;
        threshold: number;
        min: number;
        max: number;
      };
      title: string;
    };
    out: { bytes: Uint8Array };
  };
  /** Float32 values as a .npy file. */
  npy: { in: { dims: readonly number[]; values: Float32Array }; out: { bytes: Uint8Array } };
  hash: { in: { paths: readonly string[] }; out: readonly (string | ErrorJson)[] };
}
export type EngineRequestName = keyof EngineRequests;

export const engineReply = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("hello"), version: z.number() }),
  z.strictObject({ kind: z.literal("done"), id: z.number(), result: z.unknown() }),
  z.strictObject({ kind: z.literal("failed"), id: z.number(), error: z.custom<ErrorJson>() }),
]);
export type EngineReply = z.infer<typeof engineReply>;

export interface EngineCall {
  readonly id: number;
  readonly name: EngineRequestName;
  readonly input: unknown;
}
