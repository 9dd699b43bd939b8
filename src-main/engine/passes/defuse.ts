import type { Graph } from "../onnx/graph.ts";
import { attention } from "./defuse-attention.ts";
import { fused } from "./defuse-fused.ts";
import { quantised } from "./defuse-quantised.ts";
import { defuseBy } from "./defusing.ts";

/**
 * Fused, quantised and attention operators as plain ones, so that each operator needs one gradient rule. What cannot be
 * taken apart stays: it still runs, and a gradient through it is refused by name. Comes after `raise`, so that emitted
 * nodes are legal as written.
 */
export function defuse(graph: Graph): Graph {
  return defuseBy(graph, { ...quantised, ...fused, ...attention });
}
