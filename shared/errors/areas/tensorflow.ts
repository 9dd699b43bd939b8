import type { CatalogueEntry } from "../entry.ts";

const convertAgain =
  "Convert the model again with tensorflowjs_converter, and keep model.json and its weight files in one folder";
const convertToOnnx = "Convert it to TensorFlow.js or to ONNX";

/** Failures of TensorFlow models. */
export const tensorflow = {
  "tensorflow/unreadable": {
    status: 422,
    message: (d: { file: string; why: string }) => `Cannot open model "${d.file}": ${d.why}`,
    safe: "Nothing was changed",
    hint: convertAgain,
  },
  "tensorflow/missing-weights": {
    status: 422,
    message: (d: { file: string; weights: string }) =>
      `Cannot open model "${d.file}": its weight file "${d.weights}" is not beside it`,
    safe: "Nothing was changed",
    hint: "Put all files of the model in one folder, or convert it again",
  },
  "tensorflow/short-weights": {
    status: 422,
    message: (d: { file: string; weights: string; needed: number; found: number }) =>
      `Cannot open model "${d.file}": its weights "${d.weights}" are ${d.found} bytes where ${d.needed} are needed`,
    safe: "Nothing was changed",
    hint: "Copy or convert the model again: a file was cut off or belongs to another model",
  },
  "tensorflow/unknown-layer": {
    status: 422,
    message: (d: { file: string; layer: string; node: string }) =>
      `Cannot open model "${d.file}": layer "${d.node}" is of the kind ${d.layer}, which TensorFlow.js has not`,
    safe: "Nothing was changed",
    hint: "Convert it as a graph model (--output_format=tfjs_graph_model) or to ONNX",
  },
  "tensorflow/layer-setting": {
    status: 422,
    message: (d: { file: string; node: string; setting: string }) =>
      `Cannot open model "${d.file}": layer "${d.node}" uses ${d.setting}, which TensorFlow.js layers have not`,
    safe: "Nothing was changed",
    hint: "Convert it as a graph model (--output_format=tfjs_graph_model) or to ONNX",
  },
  "tensorflow/unknown-operator": {
    status: 422,
    message: (d: { file: string; op: string; node: string }) =>
      `Cannot open model "${d.file}": TensorFlow.js has no operator ${d.op} (node "${d.node}")`,
    safe: "Nothing was changed",
    hint: convertToOnnx,
  },
  "tensorflow/dynamic": {
    status: 422,
    message: (d: { file: string; op: string; node: string }) =>
      `Cannot open model "${d.file}": ${d.op} at node "${d.node}" repeats, branches or selects on data`,
    safe: "Nothing was changed",
    hint: "Export the classifier alone, in inference mode",
  },
  "tensorflow/no-kernel": {
    status: 422,
    message: (d: { op: string; node: string; device: string }) =>
      `Cannot run node "${d.node}": ${d.device} has no ${d.op}`,
    safe: "Finished maps are kept",
    hint: "Build TensorFlow's native part with npm run setup:tensorflow, choose a later layer, or convert the model to ONNX",
  },
  "tensorflow/saved-model": {
    status: 422,
    message: (d: { file: string }) =>
      `Cannot open SavedModel "${d.file}": TensorFlow's native part is not built on this computer`,
    safe: "Nothing was changed",
    hint: `${convertToOnnx}; with npm run setup:tensorflow its predictions can be audited as it is`,
  },
  "tensorflow/no-taps": {
    status: 422,
    message: (d: { file: string }) =>
      `Cannot map SavedModel "${d.file}": it shows its predictions alone, none of its layers`,
    safe: "Predictions can be audited",
    hint: convertToOnnx,
  },
  "tensorflow/one-engine": {
    status: 422,
    message: (d: { file: string }) =>
      `Cannot cross-check "${d.file}": it is a TensorFlow model, and only ONNX models run on both engines`,
    safe: "Nothing was changed",
    hint: "Convert the model to ONNX (python -m tf2onnx.convert) and cross-check that",
  },
  "tensorflow/addon": {
    status: 500,
    message: (d: { why: string }) => `Cannot build TensorFlow's native part: ${d.why}`,
    safe: "Models run on the bundled WebAssembly meanwhile",
    hint: "Name an installed TensorFlow or its wheel with --tensorflow PATH",
  },
  "export/not-a-graph": {
    status: 422,
    message: (d: { file: string }) =>
      `Cannot export "${d.file}" as a graph: it is a TensorFlow model, and the graph is written in ONNX`,
    safe: "Nothing was written",
    hint: "Convert the model to ONNX (python -m tf2onnx.convert) and export that",
  },
} satisfies Record<string, CatalogueEntry>;
