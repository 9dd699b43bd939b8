import type { DeviceSetting } from "../../shared/domain/device.ts";
import type { TapSession } from "../../shared/domain/engine.ts";
import type { ModelDescription } from "../../shared/domain/model.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import { modelKindOf } from "./model-kind.ts";
import { openOnDevice, type ChosenDevice } from "./session/choose-device.ts";
import { openModel, type OpenModelOptions } from "./session/open-model.ts";

/** A model on the engine that its file asks for. */
export interface AnyModel {
  readonly description: ModelDescription;
  /** The default tap for null. */
  open(tap: string | null): Promise<TapSession>;
  /** As `open`, on the device that the setting asks for; TensorFlow.js has chosen its own. */
  openFor(run: DeviceRequest): Promise<ChosenDevice>;
  /** Logits `[N,C]`. */
  predict(images: Tensor): Promise<Tensor>;
  close(): Promise<void>;
}

/** What a device is chosen by. */
export interface DeviceRequest {
  readonly tap: string | null;
  readonly setting: DeviceSetting;
  /** Of one input, `[1,…]`. */
  readonly dims: readonly number[];
  readonly differentiates: (session: TapSession) => boolean;
}

/**
 * Opens an ONNX file, `model.json` or its folder, or a SavedModel's folder. TensorFlow.js is loaded for the latter alone.
 * Refuses with the catalogue's `model/…` and `tensorflow/…`.
 */
export async function openAnyModel(
  path: string,
  options: OpenModelOptions = {},
): Promise<AnyModel> {
  const found = modelKindOf(path);
  if (found.kind === "onnx") {
    const model = await openModel(found.path, options);
    return {
      description: model.description,
      open: (tap) => model.open(tap),
      openFor: ({ tap, ...request }) =>
        openOnDevice({ ...request, open: (provider) => model.open(tap, provider) }),
      predict: (images) => model.predict(images),
      close: () => model.close(),
    };
  }
  const { openSavedModel } = await import("./tensorflow/saved-model.ts");
  const { openTensorFlowModel } = await import("./tensorflow/open-model.ts");
  const open = found.kind === "saved-model" ? openSavedModel : openTensorFlowModel;
  const model = await open(found.path, options);
  return {
    ...model,
    openFor: async ({ tap }) => ({ session: await model.open(tap), device: model.device }),
  };
}
