import type { WeightChanges, WeightLayer } from "../../../shared/domain/weights.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { pruned, withOutputs } from "../onnx/walk.ts";
import { findFixedWeights, findWeightLayers, replaceWeights } from "../passes/weight-layers.ts";
import type { AnalysedModel } from "./analysed-model.ts";

/** Every layer with weights that leads to the score, from the output to the input. Refuses with `sheet/…`. */
export function weightLayersOf(model: AnalysedModel, file: string): readonly WeightLayer[] {
  const graph = pruned(withOutputs(model.graph, [model.logits.name]));
  const fixed = findFixedWeights(graph);
  if (fixed) fail("sheet/fixed-weights", { file, op: fixed.op, node: fixed.name });
  const layers = findWeightLayers(graph);
  return layers.length > 0 ? layers : fail("sheet/no-weights", { file });
}

/** The same model with other weights: shapes, taps and names stay as they are. */
export function withWeights(model: AnalysedModel, changes: WeightChanges): AnalysedModel {
  return { ...model, graph: replaceWeights(model.graph, changes) };
}
