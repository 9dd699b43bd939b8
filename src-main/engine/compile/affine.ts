import type { TapDescription } from "../../../shared/domain/model.ts";
import { appendBackward } from "../gradients/backward.ts";
import type { Graph } from "../onnx/graph.ts";
import { pruned, withOutputs } from "../onnx/walk.ts";
import { viewAsGrid, viewCorner } from "../passes/grid.ts";
import type { AnalysedModel } from "./analysed-model.ts";
import type { TailGraph } from "./tail.ts";

/** Where no backward node reads an activation: from a seed alone to the gradient, `[N,K,H,W]`. */
export interface AffineGradient {
  readonly graph: Graph;
  readonly seed: string;
  readonly gradients: string;
  /** The same at the first position alone, `[N,K,1,1]`: all of a head whose weights do not depend on it. */
  readonly corner: { readonly graph: Graph; readonly gradients: string };
}

/**
 * The gradient as a function of the class alone, where the tail is affine in the tap; null where it is not. Nothing is
 * matched: the backward nodes are looked at. A tail that reads more than the tap has no weights of its own either.
 */
export function compileAffine(
  model: AnalysedModel,
  tap: TapDescription,
  tail: TailGraph,
): AffineGradient | null {
  if (tail.crossing.length > 0 || tail.prefix) return null;
  const seed = "affine_seed";
  const logits = model.logits.name;
  const { graph, shapes } = model;
  const backward = appendBackward({ graph, shapes, taps: [tap.name], logits, seed });
  if (backward.readsForward) return null;
  const view = viewAsGrid(backward.graph, backward.gradients.get(tap.name) ?? "", tap);
  const alone = pruned(withOutputs(view.graph, [view.view]));
  if (alone.inputs.some(({ name }) => name !== seed)) return null;
  const first = viewCorner(alone, view.view);
  const corner = { graph: withOutputs(first.graph, [first.view]), gradients: first.view };
  return { graph: alone, seed, gradients: view.view, corner };
}
