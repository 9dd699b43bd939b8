import type { CatalogueEntry } from "../entry.ts";

/** Failures of reliability sheets. */
export const sheets = {
  "sheet/fixed-weights": {
    status: 422,
    message: (d: { file: string; op: string; node: string }) =>
      `Cannot randomise the weights of "${d.file}": node "${d.node}" (${d.op}) holds them in a form that cannot be replaced`,
    safe: "Finished maps are kept",
    hint: "Make the sheet with the model as it was before quantisation or fusion",
  },
  "sheet/no-weights": {
    status: 422,
    message: (d: { file: string }) =>
      `Cannot randomise the weights of "${d.file}": no convolution or matrix product of it holds any`,
    safe: "Finished maps are kept",
    hint: "Treat its maps as untested",
  },
  "sheet/one-layer": {
    status: 422,
    message: (d: { no: number }) =>
      `Cannot make a reliability sheet of run ${d.no}: it fuses layers or compares models, and a sheet is of one layer of one model`,
    safe: "Finished maps are kept",
    hint: "Make a run at one layer, and its sheet",
  },
  "sheet/engine": {
    status: 422,
    message: (d: { engine: string }) =>
      `Cannot randomise weights: the engine ${d.engine} cannot replace them`,
    safe: "Finished maps are kept",
    hint: "Make the sheet with the same network as ONNX or TF.js",
  },
  "sheet/no-images": {
    status: 422,
    message: (_: object) => "Cannot make a reliability sheet: none of its images can be read",
    safe: "Finished maps are kept",
    hint: "Put the image folder back where it was, and make the sheet again",
  },
} satisfies Record<string, CatalogueEntry>;
