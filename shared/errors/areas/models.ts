import type { CatalogueEntry } from "../entry.ts";

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
} satisfies Record<string, CatalogueEntry>;
