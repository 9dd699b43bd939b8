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
} satisfies Record<string, CatalogueEntry>;
