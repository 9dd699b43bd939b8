import type { Message } from "../catalogue.ts";

/** English: formats of models; building TensorFlow's native part. */
export const tensorflow = {
  "model.format.onnx": "ONNX, opset {opset}",
  "model.format.tfjs-layers": "TensorFlow.js layers model",
  "model.format.tfjs-graph": "TensorFlow.js graph model",
  "model.format.saved-model": "TensorFlow SavedModel",
  "model.format.by": "{format}, written by {producer}",
  "tensorflow.setup.against": "Building TensorFlow's native part against {path}",
  "tensorflow.setup.upstream":
    "No TensorFlow on this computer: fetching upstream's own library for the native part",
  "tensorflow.setup.built": "Built {path}",
  "tensorflow.setup.runs": "Models run on {device}",
} satisfies Record<string, Message>;
