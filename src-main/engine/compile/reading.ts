import type { ReadScore } from "../../../shared/domain/engine.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { appendBackward } from "../gradients/backward.ts";
import type { Graph } from "../onnx/graph.ts";
import { pruned, withOutputs } from "../onnx/walk.ts";
import { appendBlockScores } from "../passes/block-scores.ts";
import { pathTo } from "../passes/taps.ts";
import type { AnalysedModel } from "./analysed-model.ts";
import { attentionOf } from "./structure.ts";

/** Logits, some values by name, and the score's gradients there, in one run. */
export interface ReadingGraph {
  readonly graph: Graph;
  readonly logits: string;
  /** By the value's name; those that lead to the logits. Empty unless differentiated. */
  readonly gradients: ReadonlyMap<string, string>;
  /** The input that takes the seed `[N,C]`. */
  readonly seed: string | null;
}

/**
 * The model with values of its inside as outputs, and the slopes of a score there; null: none. Refuses with the catalogue's
 * `tap/unknown` and `gradient/…`.
 */
export function compileReading(
  model: AnalysedModel,
  names: readonly string[],
  score: ReadScore | null,
): ReadingGraph {
  const { graph, shapes, image } = model;
  const logits = model.logits.name;
  for (const name of names)
    if (!shapes.has(name))
      fail("tap/unknown", { tap: name, known: model.taps.map((tap) => tap.name).join(", ") });
  const outputs = (gradients: Iterable<string> = []) => [
    ...new Set([logits, ...names, ...gradients]),
  ];
  if (score === null)
    return { graph: withOutputs(graph, outputs()), logits, gradients: new Map(), seed: null };
  const seed = "reading_seed";
  const backward = score === "model" ? ofLogits() : ofOwnBlocks(model, names, seed);
  const whole = withOutputs(backward.graph, outputs(backward.gradients.values()));
  return { graph: pruned(whole), logits, gradients: backward.gradients, seed };

  function ofLogits() {
    const path = pathTo(graph, shapes, image.name, logits);
    const taps = names.filter((name) => path.has(name) || name === image.name);
    return appendBackward({ graph, shapes, taps, logits, seed });
  }
}

/** Of each attention the slope of its own block's score: one backward pass each, no longer than the rest of the block. */
function ofOwnBlocks(
  model: AnalysedModel,
  names: readonly string[],
  seed: string,
): Pick<ReadingGraph, "gradients" | "graph"> {
  const attention = attentionOf(model);
  const sites = attention && "sites" in attention ? attention.sites : [];
  const blocks = sites.filter(({ probabilities }) => names.includes(probabilities));
  const outputs = blocks.map(({ output }) => output ?? "");
  const last = sites.at(-1)?.output ?? "";
  const scored = appendBlockScores(model, last, outputs);
  const gradients = new Map<string, string>();
  let { graph } = scored;
  blocks.forEach(({ probabilities }, i) => {
    const taps = [probabilities];
    const logits = scored.scores[i] ?? "";
    const backward = appendBackward({ graph, shapes: scored.shapes, taps, logits, seed });
    graph = backward.graph;
    for (const [name, gradient] of backward.gradients) gradients.set(name, gradient);
  });
  return { graph, gradients };
}
