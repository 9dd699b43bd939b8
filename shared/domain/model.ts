import type { ErrorCode } from "../errors/catalogue.ts";
import type { LayerFusion } from "./fusion.ts";
import type { MethodId } from "./method-id.ts";
import type { Layout } from "./preparation.ts";
import type { ReceptiveField } from "./receptive-field.ts";

/** A layer of a classifier that maps can be read from, as the graph shows it. */
export interface TapDescription {
  /** Tensor name in the model file. */
  readonly name: string;
  /** `[K, H, W]` of the map grid, whatever the tensor's own layout. */
  readonly grid: readonly [channels: number, height: number, width: number];
  readonly layout: "channels-first" | "channels-last" | "tokens";
  /** Tokens in front of the grid (class, distillation, registers); 0 unless `layout` is tokens. */
  readonly prefixTokens: number;
  readonly isDefault: boolean;
  /** Read only by a normalisation: Σ A·G = 0 at every position, so HiResCAM there is rounding noise. */
  readonly isScaleFree: boolean;
  /** Catalogue message id of why it was chosen or is offered. */
  readonly reason: TapReason;
  /** What its cells see of the input; missing in runs made before it was looked for. */
  readonly receptiveField?: ReceptiveField;
  /** The layers behind it, coarsest first, where a run fuses several; everything else is then the finest one's. */
  readonly fusion?: LayerFusion;
}

export const tapReasons = [
  "pooling-input",
  "class-maps",
  "before-class-maps",
  "tokens-before-attention",
  "tokens-pooled",
  "channels-last",
  "earlier-resolution",
  "scale-free",
  "normalised",
] as const;
export type TapReason = (typeof tapReasons)[number];

/**
 * `pooled-linear`: pooling, then one linear layer: CAM exists. `affine`: linear in the tap, weights vary by position.
 * `general`: needs the compiled gradient.
 */
export type HeadKind = "pooled-linear" | "affine" | "general";

/** What kind of file a model is; audits of before TensorFlow models state none and are ONNX. */
export const modelFormats = ["onnx", "tfjs-layers", "tfjs-graph", "saved-model"] as const;
export type ModelFormat = (typeof modelFormats)[number];

export interface MethodSupport {
  readonly method: MethodId;
  readonly supported: boolean;
  /** Cost of one map in plain forward passes, estimated from the graph. */
  readonly forwards: number;
  readonly refusal?: { readonly code: ErrorCode; readonly details: Record<string, unknown> };
}

export interface ModelDescription {
  readonly fileName: string;
  readonly sha256: string;
  /** ONNX where left off. */
  readonly format?: ModelFormat;
  /** Of an engine that has chosen its device already: in words. */
  readonly device?: string;
  /** 0 in formats without one. */
  readonly opset: number;
  readonly producer: string;
  readonly input: {
    readonly name: string;
    readonly dims: readonly (number | string)[];
    readonly elementType: string;
    readonly layout: Layout;
    readonly channels: number;
    /** null: free, taken from the preparation. */
    readonly heightPx: number | null;
    readonly widthPx: number | null;
    /** null: any batch; else the only batch size the file was written for. */
    readonly fixedBatch: number | null;
  };
  readonly output: {
    readonly name: string;
    readonly classes: number;
    /** Whether a Softmax or Sigmoid was walked back over to find the logits. */
    readonly stripped: "softmax" | "sigmoid" | "none";
  };
  readonly head: HeadKind;
  readonly taps: readonly TapDescription[];
  readonly methods: readonly MethodSupport[];
  /** Class names stored in the file, when it has any. */
  readonly classNames: readonly string[] | null;
}
