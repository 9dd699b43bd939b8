import type { Message } from "../catalogue.ts";

/** English: building TensorFlow's native part. */
export const tensorflow = {
  "tensorflow.setup.against": "Building TensorFlow's native part against {path}",
  "tensorflow.setup.upstream":
    "No TensorFlow on this computer: fetching upstream's own library for the native part",
  "tensorflow.setup.built": "Built {path}",
  "tensorflow.setup.runs": "Models run on {device}",
} satisfies Record<string, Message>;
