import type { TapDescription } from "../../../shared/domain/model.ts";
import { appendBackward } from "../gradients/backward.ts";
import type { Graph } from "../onnx/graph.ts";
import { pruned, withOutputs } from "../onnx/walk.ts";
import { viewAsGrid } from "../passes/grid.ts";
import type { AnalysedModel } from "./analysed-model.ts";
import type { TailGraph } from "./tail.ts";

/** A tail with its backward pass: logits and gradients for changed activations, any number of rows per image. */
export interface TailGradientGraph {
  readonly graph: Graph;
  /** Input `[R,C]`: weights of the logits of each row. */
  readonly seed: string;
  readonly logits: string;
  /** `[R,K,H,W]` */
  readonly gradients: string;
}

/** The backbone is not run again: rows are classes of one image, or activations moved a little. Refuses as `compileGradient`. */
export function compileTailGradient(
  model: AnalysedModel,
  tap: TapDescription,
  tail: TailGraph,
): TailGradientGraph {
  const seed = "tail_seed";
  const { logits } = tail;
  const { shapes } = model;
  const backward = appendBackward({ graph: tail.graph, shapes, taps: [tap.name], logits, seed });
  const view = viewAsGrid(backward.graph, backward.gradients.get(tap.name) ?? "", tap);
  return {
    graph: pruned(withOutputs(view.graph, [logits, view.view])),
    seed,
    logits,
    gradients: view.view,
  };
}
