import { countOf, floatConstant, floatsOf } from "../../src-main/engine/onnx/constant.ts";
import type { Graph } from "../../src-main/engine/onnx/graph.ts";
import { parseGraph } from "../../src-main/engine/onnx/text.ts";
import { pruned, withOutputs } from "../../src-main/engine/onnx/walk.ts";
import { appendRelevance } from "../../src-main/engine/relevance/sweep.ts";
import { runGraph } from "../../src-main/engine/session/runtime.ts";
import { probeShapes } from "./probe-shapes.ts";

export interface SweepCase {
  /** The text form, or a graph; its one input is the picture, named dims are the batch. */
  readonly graph: string | Graph;
  readonly from: string;
  readonly to: string;
  /** Row-major, for any number of pictures. */
  readonly picture: ArrayLike<number>;
  /** Components at `from`; all ones unless stated. */
  readonly components?: ArrayLike<number>;
}

export interface Swept {
  readonly relevance: Float32Array;
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly extended: readonly string[];
  readonly batchNorms: number;
}

/** Relevance at `to` of a small graph, swept by the runtime, with the graph's own values. */
export async function swept({
  graph: given,
  from,
  to,
  picture,
  components,
}: SweepCase): Promise<Swept> {
  const graph = typeof given === "string" ? parseGraph(given) : given;
  const [input] = graph.inputs;
  if (!input) throw new Error("the graph takes no picture");
  const size = countOf((input.dims ?? []).filter((dim) => typeof dim === "number"));
  const of = (count: number, data?: ArrayLike<number>) => {
    const dims = (input.dims ?? []).map((dim) => (typeof dim === "number" ? dim : count));
    return floatConstant(data ?? new Float32Array(countOf(dims)).fill(0.5), dims);
  };
  const shapes = await probeShapes(graph, (batch) => new Map([[input.name, of(batch)]]));
  const count = picture.length / size;
  const shape = shapes.get(from);
  if (!shape) throw new Error(`the graph has no value "${from}"`);
  const dims = shape.dims.map((dim, i) => (shape.batchFactor[i] ? count : dim));
  const seed = floatConstant(components ?? new Float32Array(countOf(dims)).fill(1), dims);
  const sweep = appendRelevance({ graph, shapes, from, to, image: input.name, seed: "seed" });
  const names = graph.nodes.flatMap((node) => node.outputs).filter(Boolean);
  const whole = pruned(withOutputs(sweep.graph, [...new Set([...names, sweep.relevance])]));
  const feeds = new Map([[input.name, of(count, picture)]]);
  if (whole.inputs.some(({ name }) => name === "seed")) feeds.set("seed", seed);
  const results = await runGraph(whole, feeds);
  const relevance = results.get(sweep.relevance);
  if (!relevance) throw new Error("no relevance came back");
  return {
    relevance: floatsOf(relevance).slice(),
    values: new Map([...results].map(([name, value]) => [name, floatsOf(value).slice()])),
    extended: sweep.extended,
    batchNorms: sweep.batchNorms,
  };
}
