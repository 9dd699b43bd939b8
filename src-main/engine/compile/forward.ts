import type { TapDescription } from "../../../shared/domain/model.ts";
import type { Graph } from "../onnx/graph.ts";
import { withOutputs } from "../onnx/walk.ts";
import { viewAsGrid, viewPrefix } from "../passes/grid.ts";
import type { AnalysedModel } from "./analysed-model.ts";
import type { TailGraph } from "./tail.ts";

/** A graph that runs on pictures, with the names of what it returns. */
export interface ForwardGraph {
  readonly graph: Graph;
  readonly logits: string;
  /** `[N,K,H,W]` */
  readonly activations: string;
  /** What a tail needs besides the activations, by the tail's input names. */
  readonly crossing: ReadonlyMap<string, string>;
}

/** Logits, the tap on its grid, and what else the tail reads. */
export function compileForward(
  model: AnalysedModel,
  tap: TapDescription,
  tail: TailGraph,
): ForwardGraph {
  const view = viewAsGrid(model.graph, tap.name, tap);
  const crossing = new Map(tail.crossing.map((name) => [name, name]));
  let { graph } = view;
  if (tail.prefix) {
    const prefix = viewPrefix(graph, tap.name, tap);
    graph = prefix.graph;
    crossing.set(tail.prefix, prefix.view);
  }
  const logits = model.logits.name;
  const outputs = [...new Set([logits, view.view, ...crossing.values()])];
  return { graph: withOutputs(graph, outputs), logits, activations: view.view, crossing };
}
