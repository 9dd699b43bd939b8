import type { CatalogueEntry } from "../entry.ts";

/** Failures of methods that look inside a model: at its attention, at its biases. */
export const inside = {
  "method/no-attention": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot compute ${d.method}: no layer of this model lets positions attend to each other`,
    safe: "Finished maps are kept",
    hint: "It needs a vision transformer; Grad-CAM, HiResCAM and Recipro-CAM need none",
  },
  "method/attention-hidden": {
    status: 422,
    message: (d: { method: string; operator: string }) =>
      `Cannot compute ${d.method}: attention is not exposed, operator ${d.operator} keeps it inside`,
    safe: "Finished maps are kept",
    hint: "Export the model again with plain attention (softmax as a node of its own)",
  },
  "method/attention-partial": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot compute ${d.method}: attention looks within windows or parts, not over the whole picture`,
    safe: "Finished maps are kept",
    hint: "Grad-CAM and Recipro-CAM read the tokens of such models directly",
  },
  "method/no-block-output": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot compute ${d.method}: the tokens that leave the last blocks were not found`,
    safe: "Finished maps are kept",
    hint: "Gradient-weighted attention needs the attention alone",
  },
  "method/no-biases": {
    status: 422,
    message: (d: { method: string }) =>
      `Cannot compute ${d.method}: this engine does not show what the layers of a model add`,
    safe: "Finished maps are kept",
    hint: "Export the model to ONNX, or choose HiResCAM",
  },
  "method/implicit-bias": {
    status: 422,
    message: (d: { method: string; op: string; node: string }) =>
      `Cannot compute ${d.method}: operator ${d.op} at "${d.node}" adds a bias of its own to the score`,
    safe: "Finished maps are kept",
    hint: "It needs layers that are linear in pieces: ReLU, pooling, batch normalisation",
  },
  "method/incomplete": {
    status: 422,
    message: (d: { method: string; sum: string; score: string }) =>
      `Cannot compute ${d.method}: its parts sum to ${d.sum}, the score is ${d.score}`,
    safe: "Finished maps are kept",
    hint: "Choose HiResCAM, whose sum is exact where one linear layer follows",
  },
} satisfies Record<string, CatalogueEntry>;
