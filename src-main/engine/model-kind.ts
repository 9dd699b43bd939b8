import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fail } from "../../shared/errors/app-error.ts";

/** What a path given as a model is, by its name alone, and the file or folder that holds it. */
export interface ModelKind {
  readonly kind: "onnx" | "tensorflow" | "saved-model";
  readonly path: string;
}

/** A folder is a TensorFlow.js model by its `model.json`, a SavedModel by its `saved_model.pb`; all else is ONNX. */
export function modelKindOf(path: string): ModelKind {
  if (isFolder(path)) {
    if (existsSync(join(path, "model.json")))
      return { kind: "tensorflow", path: join(path, "model.json") };
    if (existsSync(join(path, "saved_model.pb"))) return { kind: "saved-model", path };
    return { kind: "onnx", path };
  }
  if (basename(path) === "saved_model.pb") return { kind: "saved-model", path: dirname(path) };
  return { kind: /\.json$/i.test(path) ? "tensorflow" : "onnx", path };
}

/** For what works on ONNX graphs alone. Refuses a TensorFlow model with `export/not-a-graph`. */
export function requireOnnx(path: string): void {
  if (modelKindOf(path).kind !== "onnx") fail("export/not-a-graph", { file: basename(path) });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
