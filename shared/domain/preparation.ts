import type { PictureWindow } from "./picture-window.ts";

/**
 * How a decoded picture becomes a model's input. A preset fixes channels and values; geometry and resampling are
 * fields of their own; layout and element type come from the model.
 */
export const presetIds = [
  "torchvision",
  "timm-inception",
  "keras-tf",
  "keras-torch",
  "keras-caffe",
  "unit",
  "raw-rgb",
  "raw-bgr",
  "grey-unit",
  "grey-tf",
  "grey-raw",
  "grey-imagenet",
] as const;
export type PresetId = (typeof presetIds)[number];

export const resampleIds = ["area", "bilinear-antialias", "bilinear"] as const;
export type Resample = (typeof resampleIds)[number];

export type Geometry =
  | { readonly kind: "stretch" }
  /** Shorter side to `resize` pixels, then the centre of the model's size. */
  | { readonly kind: "crop"; readonly resize: number }
  | { readonly kind: "letterbox" }
  /** The picture already has the model's size; anything else is refused. */
  | { readonly kind: "none" };

export type Channels = "rgb" | "bgr" | "grey";
export type Layout = "NCHW" | "NHWC";

/** `value = (x / scale − mean) / std` per channel, x in 0..255. */
export interface Preparation {
  readonly preset: PresetId | "custom";
  readonly channels: Channels;
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly geometry: Geometry;
  readonly resample: Resample;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly layout: Layout;
  /** How values beyond eight bits become greys; without it as the file states. */
  readonly window?: PictureWindow;
}

/**
 * Where the model's input lies on the oriented source picture, in source pixels (0 = outer edge). The picture's parts
 * outside it were not seen by the model. With letterbox it is larger than the picture.
 */
export interface SeenArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const imagenetMean = [0.485, 0.456, 0.406];
const imagenetStd = [0.229, 0.224, 0.225];
const one3 = [1, 1, 1];
const zero3 = [0, 0, 0];

type PresetValues = Pick<Preparation, "channels" | "scale" | "mean" | "std">;

/** The table of presets (`x` in 0..255). */
export const presets: Readonly<Record<PresetId, PresetValues>> = {
  torchvision: { channels: "rgb", scale: 255, mean: imagenetMean, std: imagenetStd },
  "timm-inception": { channels: "rgb", scale: 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  "keras-tf": { channels: "rgb", scale: 127.5, mean: one3, std: one3 },
  "keras-torch": { channels: "rgb", scale: 255, mean: imagenetMean, std: imagenetStd },
  "keras-caffe": { channels: "bgr", scale: 1, mean: [103.939, 116.779, 123.68], std: one3 },
  unit: { channels: "rgb", scale: 255, mean: zero3, std: one3 },
  "raw-rgb": { channels: "rgb", scale: 1, mean: zero3, std: one3 },
  "raw-bgr": { channels: "bgr", scale: 1, mean: zero3, std: one3 },
  "grey-unit": { channels: "grey", scale: 255, mean: [0], std: [1] },
  "grey-tf": { channels: "grey", scale: 127.5, mean: [1], std: [1] },
  "grey-raw": { channels: "grey", scale: 1, mean: [0], std: [1] },
  "grey-imagenet": { channels: "grey", scale: 255, mean: [0.449], std: [0.226] },
};
