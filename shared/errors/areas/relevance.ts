import type { CatalogueEntry } from "../entry.ts";

/** Failures of sweeps that take a map back through the network, layer by layer. */
export const relevance = {
  "relevance/no-rule": {
    status: 422,
    message: (d: { node: string; op: string; why?: string }) =>
      `Cannot take the map back through node "${d.node}": operator ${d.op} has no relevance rule${d.why ? ` (${d.why})` : ""}`,
    safe: "Finished maps are kept",
    hint: "Choose a layer after this node, or LayerCAM, which is fine-grained by gradients",
  },
  "relevance/no-path": {
    status: 422,
    message: (d: { from: string; to: string }) =>
      `Cannot take the map back from "${d.from}" to "${d.to}": no relevance reaches it`,
    safe: "Finished maps are kept",
    hint: "Choose one of the layers that hansight inspect lists",
  },
  "relevance/tokens": {
    status: 422,
    message: (d: { tap: string }) =>
      `Cannot take the map back from "${d.tap}": it holds tokens, and attention has no relevance rule`,
    safe: "Finished maps are kept",
    hint: "Choose a method for transformers, such as Recipro-CAM or AD-CAM",
  },
  "relevance/no-graph": {
    status: 422,
    message: (d: { tap: string }) =>
      `Cannot take the map back from "${d.tap}": this engine does not sweep relevance`,
    safe: "Finished maps are kept",
    hint: "Run the model on onnxruntime (HANSIGHT_DEVICE=cpu), which does",
  },
} satisfies Record<string, CatalogueEntry>;
