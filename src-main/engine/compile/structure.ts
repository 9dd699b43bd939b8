import type { TapDescription } from "../../../shared/domain/model.ts";
import type { RelevancePath } from "../../../shared/domain/relevance.ts";
import type { AttentionStructure, ModelStructure } from "../../../shared/domain/structure.ts";
import { toErrorJson } from "../../../shared/errors/app-error.ts";
import { ancestorsOf } from "../onnx/walk.ts";
import { findAttentionSites } from "../passes/attention-sites.ts";
import { findBiasTerms } from "../passes/bias-terms.ts";
import { findClassRows } from "../passes/class-rows.ts";
import { findLastMap } from "../passes/last-map.ts";
import { cutTail } from "../passes/tail.ts";
import { describeTap, pathTo } from "../passes/taps.ts";
import { findVertexGraphs } from "../passes/vertex-graph.ts";
import type { AnalysedModel } from "./analysed-model.ts";
import { compileReading } from "./reading.ts";
import { compileRelevance, placeOf } from "./relevance.ts";
import { shareOf, type TailGraph } from "./tail.ts";

/** What the graph shows beyond its taps, for the methods that look for it. */
export function structureOf(
  model: AnalysedModel,
  tap: TapDescription,
  tail: Pick<TailGraph, "crossing">,
): ModelStructure {
  const { graph, shapes, image, logits } = model;
  return {
    isReadable: true,
    vertexGraphs: findVertexGraphs(graph, shapes),
    layers: [tap, ...model.taps.filter(({ name }) => name !== tap.name)],
    classRows: once(() => findClassRows(graph, shapes, logits.name, logits.classes)),
    relevance: relevancePathTo(model, tap),
    attention: attentionOf(model),
    besideTap: tokensBeside(model, tap, tail),
    biases: once(() =>
      findBiasTerms(graph, shapes, pathTo(graph, shapes, image.name, logits.name), image.name),
    ),
  };
}

/** What crosses the cut of a token layer as tokens of the same grid. */
export function tokensBeside(
  { graph, shapes }: AnalysedModel,
  tap: TapDescription,
  { crossing }: Pick<TailGraph, "crossing">,
): readonly string[] {
  if (tap.layout !== "tokens") return [];
  const [, h, w] = tap.grid;
  return crossing.filter((name) => {
    const other = describeTap(graph, shapes, name);
    return (
      other?.layout === "tokens" &&
      other.prefixTokens === tap.prefixTokens &&
      other.grid[1] === h &&
      other.grid[2] === w
    );
  });
}

function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | null = null;
  return () => (found ??= { value: find() }).value;
}

export function attentionOf({
  graph,
  shapes,
  image,
  logits,
}: AnalysedModel): AttentionStructure | null {
  return findAttentionSites(graph, shapes, pathTo(graph, shapes, image.name, logits.name));
}

/** How an explanation comes back to a tap: at the default one it goes on to the picture. */
function relevancePathTo(model: AnalysedModel, tap: TapDescription): RelevancePath {
  const { graph, shapes, image, logits, taps } = model;
  try {
    const last = findLastMap(graph, shapes, image.name, logits.name, taps);
    // A layer that the last map does not depend on, such as class maps, is where its explanation begins.
    const isEarlier =
      last !== undefined && (tap.isDefault || ancestorsOf(graph, [last.name]).has(tap.name));
    const from = placeOf(model, isEarlier ? last.name : tap.name);
    const to = placeOf(model, tap.isDefault ? image.name : tap.name);
    const { extended, batchNorms, forwards } = compileRelevance(model, from.name, to.name);
    compileReading(model, [from.name], "model"); // the components need a gradient there
    const tail = cutTail(graph, shapes, from.name, logits.name, image.name);
    return {
      kind: "open",
      from,
      to,
      isPicture: to.name === image.name,
      extended,
      batchNorms,
      forwards: 1 + shareOf(model, tail.graph) + forwards,
    };
  } catch (error) {
    return { kind: "refused", refusal: toErrorJson(error) };
  }
}
