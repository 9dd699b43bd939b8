import type { MapPlace } from "../../../shared/domain/relevance.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import type { Graph } from "../onnx/graph.ts";
import { pruned, withOutputs } from "../onnx/walk.ts";
import { costOf } from "../passes/cost.ts";
import { fromGrid, viewAsGrid } from "../passes/grid.ts";
import { describeTap } from "../passes/taps.ts";
import { appendRelevance } from "../relevance/sweep.ts";
import type { AnalysedModel } from "./analysed-model.ts";
import { tapNames } from "./tap.ts";

/** Components at one map in, relevance at an earlier one out, both `[N,K,H,W]` on their grids. */
export interface RelevanceGraph {
  readonly graph: Graph;
  readonly components: string;
  readonly relevance: string;
  readonly extended: readonly string[];
  readonly batchNorms: number;
  /** In plain forward passes, the one within it included. */
  readonly forwards: number;
}

/** The model with a sweep from map to map appended; `to` may be the picture. Refuses with the catalogue's `relevance/…`. */
export function compileRelevance(model: AnalysedModel, from: string, to: string): RelevanceGraph {
  const { graph, shapes, image } = model;
  const [start, end] = [placeOf(model, from), placeOf(model, to)];
  const [seed, components] = ["relevance_seed", "relevance_components"];
  const sweep = appendRelevance({ graph, shapes, from, to, image: image.name, seed });
  const view = viewAsGrid(sweep.graph, sweep.relevance, end);
  const whole = fromGrid(view.graph, seed, start, components, "");
  const input = { name: components, type: "f32" as const, dims: ["N", ...start.grid] };
  const inputs = [...graph.inputs, input];
  const compiled = pruned(withOutputs({ ...whole, inputs }, [view.view]));
  const known = new Map([...shapes, ...sweep.shapes]);
  const { extended, batchNorms } = sweep;
  const forwards = costOf(compiled, known) / costOf(graph, shapes);
  return { graph: compiled, components, relevance: view.view, extended, batchNorms, forwards };
}

export function placeOf(
  model: AnalysedModel,
  name: string,
): MapPlace & { readonly prefixTokens: number } {
  const { image, graph, shapes, heightPx, widthPx } = model;
  if (name === image.name) {
    const layout = image.layout === "NCHW" ? "channels-first" : "channels-last";
    return { name, layout, grid: [image.channels, heightPx, widthPx], prefixTokens: 0 };
  }
  const place = describeTap(graph, shapes, name);
  if (!place) return fail("tap/unknown", { tap: name, known: tapNames(model) });
  if (place.layout === "tokens") fail("relevance/tokens", { tap: name });
  return place;
}
