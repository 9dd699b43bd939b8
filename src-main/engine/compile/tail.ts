import type { TapDescription } from "../../../shared/domain/model.ts";
import type { Graph } from "../onnx/graph.ts";
import { costOf } from "../passes/cost.ts";
import { fromGrid } from "../passes/grid.ts";
import { cutTail } from "../passes/tail.ts";
import type { AnalysedModel } from "./analysed-model.ts";

/** The tail as a graph on the grid of the tap. */
export interface TailGraph {
  readonly graph: Graph;
  /** Input: activations `[M,K,H,W]`. */
  readonly activations: string;
  readonly logits: string;
  readonly crossing: readonly string[];
  /** The input that takes the prefix tokens; null where there are none. */
  readonly prefix: string | null;
}

/** From changed activations to logits. */
export function compileTail(model: AnalysedModel, tap: TapDescription): TailGraph {
  const logits = model.logits.name;
  const { graph, crossing } = cutTail(
    model.graph,
    model.shapes,
    tap.name,
    logits,
    model.image.name,
  );
  if (tap.layout === "channels-first")
    return { graph, activations: tap.name, logits, crossing, prefix: null };
  const [activations, prefix] = [`${tap.name}/grid_in`, `${tap.name}/prefix_in`];
  const [k, h, w] = tap.grid;
  const whole = fromGrid(graph, tap.name, tap, activations, prefix);
  const [own, ...others] = graph.inputs;
  const batch = own?.dims?.[0] ?? "R";
  const type = "f32" as const;
  const hasPrefix = tap.prefixTokens > 0;
  const inputs = [
    { name: activations, type, dims: [batch, k, h, w] },
    ...(hasPrefix ? [{ name: prefix, type, dims: [batch, tap.prefixTokens, k] }] : []),
    ...others,
  ];
  return {
    graph: { ...whole, inputs },
    activations,
    logits,
    crossing,
    prefix: hasPrefix ? prefix : null,
  };
}

/** Cost of a graph's part in shares of the whole model. */
export function shareOf(model: AnalysedModel, part: Graph): number {
  return costOf(part, model.shapes) / costOf(model.graph, model.shapes);
}
