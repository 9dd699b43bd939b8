import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DeviceSetting } from "../../shared/domain/device.ts";
import type { TapSession } from "../../shared/domain/engine.ts";
import type { ModelDescription } from "../../shared/domain/model.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import type { WeightChanges, WeightLayer } from "../../shared/domain/weights.ts";
import { modelKindOf } from "./model-kind.ts";
import { openOnDevice, type ChosenDevice } from "./session/choose-device.ts";
import { openModel, type OpenModel, type OpenModelOptions } from "./session/open-model.ts";
import { candidateProviders } from "./session/providers.ts";
import { addonFolder, addonName } from "./tensorflow/addon-file.ts";

/** A model on the engine that its file asks for. */
export interface AnyModel {
  readonly description: ModelDescription;
  /** The default tap for null. */
  open(tap: string | null): Promise<TapSession>;
  /** As `open`, on the device that the setting asks for; TensorFlow.js has chosen its own. */
  openFor(run: DeviceRequest): Promise<Pick<ChosenDevice, "session" | "device">>;
  /** Every layer with weights, from the output to the input. Refuses with the catalogue's `sheet/…`. */
  layers(): readonly WeightLayer[];
  /** As `open`, with other weights: what only sanity checks ask for. */
  withWeights(tap: string | null, changes: WeightChanges): Promise<TapSession>;
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
      openFor: (request) => openOnnx(model, request),
      layers: () => model.layers(),
      withWeights: (tap, changes) => model.withWeights(tap, changes),
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

/** On onnxruntime, or operation by operation on TensorFlow.js where that is asked for or has a card that onnxruntime cannot drive. */
async function openOnnx(
  model: OpenModel,
  { tap, ...request }: DeviceRequest,
): Promise<Pick<ChosenDevice, "session" | "device">> {
  const candidates = [
    ...candidateProviders(),
    ...(hasCudaAddon() ? (["tensorflow"] as const) : []),
  ];
  const { session, device, provider } = await openOnDevice({
    ...request,
    candidates,
    open: (wanted) =>
      wanted === "tensorflow" ? openOnTensorFlow(model, tap) : model.open(tap, wanted),
  });
  if (provider !== "tensorflow") return { session, device };
  const { tensorflow } = await import("./tensorflow/runtime.ts");
  return { session, device: (await tensorflow()).device };
}

async function openOnTensorFlow(model: OpenModel, tap: string | null): Promise<TapSession> {
  const { tensorflow } = await import("./tensorflow/runtime.ts");
  const { openOnnxTap } = await import("./tensorflow/onnx/tap-session.ts");
  const { description } = model;
  return openOnnxTap(await tensorflow(), { ...(await model.compiled(tap)), description });
}

/** The native add-on is built, and there is a card for it. */
function hasCudaAddon(): boolean {
  return existsSync("/dev/nvidia0") && existsSync(join(addonFolder(), addonName));
}
