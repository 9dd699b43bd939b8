import type { ModelDescription } from "./model.ts";
import type { PictureWindow } from "./picture-window.ts";
import {
  presetIds,
  presets,
  type Geometry,
  type Preparation,
  type PresetId,
  type Resample,
} from "./preparation.ts";

/** What a person fixed of the preparation; the rest is found. */
export interface PreparationWish {
  readonly preset: PresetId | null;
  readonly geometry: Geometry | null;
  readonly resample: Resample | null;
  /** How values become greys; absent or null: as the files state. */
  readonly window?: PictureWindow | null;
}

/** Side of a square input where the model leaves it free, and pictures decide nothing. */
const freeSidePx = 224;
/** Below this the training pictures had the model's size: there is nothing to crop. */
const smallestCroppedPx = 96;

/**
 * Every preset that fits a model's channels and layout as a whole preparation, in the order of the table. Without a wish:
 * ImageNet presets take the shorter side to 8/7 of the input and its centre, as they were trained; grey and raw ones
 * stretch.
 */
export function candidatePreparations(
  { input }: Pick<ModelDescription, "input">,
  wish: PreparationWish,
): readonly Preparation[] {
  const widthPx = input.widthPx ?? freeSidePx;
  const heightPx = input.heightPx ?? freeSidePx;
  return presetIds
    .filter((id) => fits(id, input))
    .map((preset) => ({
      preset,
      ...presets[preset],
      geometry: wish.geometry ?? defaultGeometry(preset, Math.min(widthPx, heightPx)),
      resample: wish.resample ?? "bilinear-antialias",
      widthPx,
      heightPx,
      layout: input.layout,
      ...(wish.window && wish.window.kind !== "stored" && { window: wish.window }),
    }));
}

function fits(id: PresetId, input: ModelDescription["input"]): boolean {
  const isGrey = presets[id].channels === "grey";
  if (isGrey !== (input.channels === 1)) return false;
  if (id === "keras-torch") return input.layout === "NHWC";
  if (id === "torchvision") return input.layout === "NCHW";
  // Bytes in: whatever scaling there is lies inside the model.
  return input.elementType !== "u8" || id.startsWith("raw") || id === "grey-raw";
}

function defaultGeometry(preset: PresetId, sidePx: number): Geometry {
  const isImageNet = ["torchvision", "timm-inception", "keras-tf", "keras-torch", "keras-caffe"];
  const crops = isImageNet.includes(preset) || preset.startsWith("raw");
  if (!crops || sidePx < smallestCroppedPx) return { kind: "stretch" };
  return { kind: "crop", resize: Math.round((sidePx * 8) / 7) };
}

/** `crop`, `crop:256`, `stretch`, `letterbox`, `none` as a geometry; null for anything else. */
export function parseGeometry(text: string, sidePx: number): Geometry | null {
  const crop = /^crop(?::(\d+))?$/.exec(text);
  if (crop)
    return { kind: "crop", resize: crop[1] ? Number(crop[1]) : Math.round((sidePx * 8) / 7) };
  if (text === "stretch" || text === "letterbox" || text === "none") return { kind: text };
  return null;
}
