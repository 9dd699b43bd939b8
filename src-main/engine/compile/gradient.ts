import type { TapDescription } from "../../../shared/domain/model.ts";
import { appendBackward } from "../gradients/backward.ts";
import type { Graph } from "../onnx/graph.ts";
import { pruned, withOutputs } from "../onnx/walk.ts";
import { viewAsGrid } from "../passes/grid.ts";
import { appendMaskedGradient, findMaskedHead } from "../passes/masked-head.ts";
import { appendSeed } from "../passes/seed.ts";
import { cutTail } from "../passes/tail.ts";
import type { AnalysedModel } from "./analysed-model.ts";

/** Logits, activations and gradients in one run. */
export interface GradientGraph {
  readonly graph: Graph;
  readonly logits: string;
  readonly activations: string;
  readonly gradients: string;
  readonly seed: SeedInputs;
}

/** How a gradient graph is told which scores: all logits' weights, or a few classes and theirs. */
export type SeedInputs =
  | { readonly kind: "dense"; readonly weights: string; readonly automatic: string }
  | {
      readonly kind: "sparse";
      readonly picked: string;
      readonly shares: string;
      readonly automatic: string;
    };

/** The model with its backward pass appended. Refuses with the catalogue's `gradient/…` and `tap/no-path`. */
export function compileGradient(model: AnalysedModel, tap: TapDescription): GradientGraph {
  const logits = model.logits.name;
  const masked = compileMasked(model, tap);
  if (masked) return masked;
  const { graph, seed, weights, automatic } = appendSeed(model.graph, logits, model.logits.classes);
  const backward = appendBackward({ graph, shapes: model.shapes, taps: [tap.name], logits, seed });
  const forwardView = viewAsGrid(backward.graph, tap.name, tap);
  const gradient = backward.gradients.get(tap.name) ?? "";
  const gradientView = viewAsGrid(forwardView.graph, gradient, tap);
  const [activations, gradients] = [forwardView.view, gradientView.view];
  const outputs = [logits, activations, gradients];
  return {
    graph: pruned(withOutputs(gradientView.graph, outputs)),
    logits,
    activations,
    gradients,
    seed: { kind: "dense", weights, automatic },
  };
}

/** SqueezeNet's kind of head, whose gradient is one mask away from a closed form. */
function compileMasked(model: AnalysedModel, tap: TapDescription): GradientGraph | null {
  if (tap.layout !== "channels-first") return null;
  const { name: logits, classes } = model.logits;
  const tail = cutTail(model.graph, model.shapes, tap.name, logits, model.image.name);
  const head = findMaskedHead(tail, model.shapes, tap.name);
  if (!head) return null;
  const { graph, gradients, ...inputs } = appendMaskedGradient(
    model.graph,
    head,
    tap.name,
    tap.grid,
    logits,
    classes,
  );
  return {
    graph: withOutputs(graph, [logits, tap.name, gradients]),
    logits,
    activations: tap.name,
    gradients,
    seed: { kind: "sparse", ...inputs },
  };
}
