import type { MethodId } from "../../domain/method-id.ts";
import { methods } from "../../domain/methods.ts";
import type { CatalogueEntry } from "../entry.ts";

/** Why a method has no form as a graph. */
const whyNoExport = {
  "no-formula": "its map is not a formula over one pass of the network",
  "one-batch":
    "it runs many copies of a layer, and the model takes only the batch it was written for",
} as const;

/** Failures of model files. */
export const models = {
  "model/not-found": {
    status: 404,
    message: (d: { file: string }) => `Cannot open model "${d.file}": there is no such file`,
    safe: "Nothing was changed",
    hint: "Check the path",
  },
  "model/unreadable": {
    status: 422,
    message: (d: { file: string; why: string }) => `Cannot open model "${d.file}": ${d.why}`,
    safe: "Nothing was changed",
    hint: "Export the model again as ONNX (opset 7 to 22)",
  },
  "model/unknown-operator": {
    status: 422,
    message: (d: { file: string; op: string; node: string }) =>
      `Cannot open model "${d.file}": operator ${d.op} at node "${d.node}" is not part of ONNX and no library for it is loaded`,
    safe: "Nothing was changed",
    hint: "Export the classifier alone, without its own operators",
  },
  "model/no-image-input": {
    status: 422,
    message: (d: { file: string; inputs: string }) =>
      `Cannot open model "${d.file}": no input is an image (${d.inputs})`,
    safe: "Nothing was changed",
    hint: "Image classifiers take one input of four dimensions: batch, channels, height and width",
  },
  "model/other-inputs": {
    status: 422,
    message: (d: { file: string; inputs: string }) =>
      `Cannot open model "${d.file}": it needs more than one image (${d.inputs})`,
    safe: "Nothing was changed",
    hint: "Export the model with its other inputs fixed",
  },
  "model/not-a-classifier": {
    status: 422,
    message: (d: { file: string; outputs: string }) =>
      `Cannot open model "${d.file}": its output is not one score per class (${d.outputs})`,
    safe: "Nothing was changed",
    hint: "Detectors and models that return pictures cannot be audited",
  },
  "model/training-mode": {
    status: 422,
    message: (d: { file: string; op: string; node: string }) =>
      `Cannot open model "${d.file}": ${d.op} at node "${d.node}" is exported for training, so results depend on chance or on the batch`,
    safe: "Nothing was changed",
    hint: "Export the model again in evaluation mode",
  },
  "model/wrong-input": {
    status: 422,
    message: (d: { expected: string; given: string }) =>
      `Cannot run the model: it takes images of ${d.expected}, but was given ${d.given}`,
    safe: "Finished maps are kept",
    hint: "Choose the size and the channels that hansight inspect shows",
  },
  "export/method": {
    status: 422,
    message: (d: { method: MethodId; why: keyof typeof whyNoExport }) =>
      `Cannot export ${methods[d.method].label} as a graph: ${whyNoExport[d.why]}`,
    safe: "Nothing was written",
    hint: "Grad-CAM, HiResCAM and LayerCAM can be exported at any layer with gradients",
  },
  "export/not-standard": {
    status: 422,
    message: (d: { file: string; op: string; node: string }) =>
      `Cannot export "${d.file}" as a graph: operator ${d.op} at node "${d.node}" is not a standard one`,
    safe: "Nothing was written",
    hint: "Export the model itself again without operators of one runtime",
  },
  "export/too-large": {
    status: 422,
    message: (d: { file: string }) =>
      `Cannot export "${d.file}" as a graph: the file would be larger than the 2 GiB that one ONNX file holds`,
    safe: "Nothing was written",
    hint: "Export a smaller model",
  },
  "export/differs": {
    status: 422,
    message: (d: { file: string; difference: string }) =>
      `Cannot export "${d.file}" as a graph: what it returns differs from Hansight's own by ${d.difference} of the maximum`,
    safe: "Nothing was written",
    hint: "Choose another layer or another method",
  },
  "export/exists": {
    status: 409,
    message: (d: { file: string }) => `Cannot write "${d.file}": it exists`,
    safe: "It is as it was",
    hint: "Choose another name, or replace it with --force",
  },
  "export/over-model": {
    status: 409,
    message: (d: { file: string }) => `Cannot write "${d.file}": it is the model itself`,
    safe: "The model is as it was",
    hint: "Choose another name",
  },
  "export/not-onnx": {
    status: 422,
    message: (d: { file: string }) => `Cannot write "${d.file}": its name does not end in .onnx`,
    safe: "Nothing was written",
    hint: "End the name in .onnx",
  },
} satisfies Record<string, CatalogueEntry>;
