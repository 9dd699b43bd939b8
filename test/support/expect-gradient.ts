import { expect } from "vitest";
import { appendBackward } from "../../src-main/engine/gradients/backward.ts";
import { countOf, floatConstant, floatsOf, isFloat } from "../../src-main/engine/onnx/constant.ts";
import type { Constant, Graph } from "../../src-main/engine/onnx/graph.ts";
import { parseGraph, seededConstant } from "../../src-main/engine/onnx/text.ts";
import { withOutputs } from "../../src-main/engine/onnx/walk.ts";
import { createSession, runGraph } from "../../src-main/engine/session/runtime.ts";
import { probeShapes } from "./probe-shapes.ts";
import { createRandom, shuffled } from "./seeded.ts";

export interface GradientCase {
  /** The text form; every declared input is fed seeded numbers, named dims are the batch. */
  readonly graph: string;
  readonly of: string;
  readonly to: string;
  /**
   * `smooth`: uniform in `within`, fourth-order differences. `grid`: numbers in shuffled order, 0.1 apart, none at 0 and
   * none in two inputs, so that no step reaches a kink; second order, exact between kinks. Default: smooth.
   */
  readonly inputs?: "smooth" | "grid";
  readonly within?: readonly [low: number, high: number];
  /** Other values for an input, row-major. */
  readonly feeds?: Readonly<Record<string, readonly number[]>>;
  /** Largest difference, as a share of the greatest slope. */
  readonly tolerance?: number;
}

const seedName = "seed";
/** Slopes measured per case; more elements are sampled. */
const mostElements = 64;

/**
 * The compiled gradient of Σ R·`of` with respect to `to`, R random, must equal central differences of the plain graph,
 * both run by onnxruntime; sums of differences in float64.
 */
export async function expectGradient(options: GradientCase): Promise<void> {
  const { of, to, tolerance = 1e-3, inputs = "smooth" } = options;
  const graph = parseGraph(options.graph);
  const feedsOf = (batch: number) => feedsFor(graph, options, batch);
  const shapes = await probeShapes(graph, feedsOf);
  const feeds = feedsOf(2);
  const result = shapes.get(of);
  const value = feeds.get(to) ?? (await runGraph(withOutputs(graph, [to]), feeds)).get(to);
  if (!result || !value) throw new Error(`the graph has no value "${of}" or "${to}"`);

  const random = createRandom(7);
  const weights = Float32Array.from({ length: countOf(result.dims) }, () => 2 * random() - 1);
  const seed = floatConstant(weights, result.dims);
  const backward = appendBackward({ graph, shapes, taps: [to], logits: of, seed: seedName });
  const gradient = backward.gradients.get(to) ?? "";
  const compiled = withOutputs(backward.graph, [gradient]);
  const given = await runGraph(compiled, new Map([...feeds, [seedName, seed]]));
  const slopes = floatsOf(given.get(gradient) ?? seed);
  expect(given.get(gradient)?.dims).toEqual(value.dims);

  const start = floatsOf(value);
  const step = 0.01;
  const session = await createSession(withOutputs(cutAt(graph, to), [of]));
  const scoreDifference = async (element: number, distance: number): Promise<number> => {
    const results = await Promise.all(
      [distance, -distance].map(async (change) => {
        const moved = Float32Array.from(start);
        moved[element] = (moved[element] ?? 0) + change;
        const run = await session.run(new Map([...feeds, [to, floatConstant(moved, value.dims)]]));
        return floatsOf(run.get(of) ?? seed);
      }),
    );
    const [up, down] = results;
    // What was really moved, after rounding to float32.
    const from = start[element] ?? 0;
    const width = Math.fround(from + distance) - Math.fround(from - distance);
    return weights.reduce((sum, w, i) => sum + w * ((up?.[i] ?? 0) - (down?.[i] ?? 0)), 0) / width;
  };
  const measured: number[] = [];
  const compiledSlopes: number[] = [];
  for (const element of shuffled(start.length, random).slice(0, mostElements)) {
    const near = await scoreDifference(element, step);
    const far = inputs === "smooth" ? await scoreDifference(element, 2 * step) : near;
    measured.push((4 * near - far) / 3);
    compiledSlopes.push(slopes[element] ?? NaN);
  }
  await session.close();

  const greatest = Math.max(...measured.map(Math.abs));
  expect(greatest, "no slope was measured: the case tests nothing").toBeGreaterThan(1e-6);
  const errors = measured.map((slope, i) => Math.abs(slope - (compiledSlopes[i] ?? NaN)));
  const worst = errors.indexOf(errors.reduce((a, b) => (b > a || Number.isNaN(b) ? b : a), 0));
  expect(
    (errors[worst] ?? 0) / greatest,
    `measured ${measured[worst]}, compiled ${compiledSlopes[worst]}`,
  ).toBeLessThan(tolerance);
}

/** The graph with an inner value made an input; an input stays as it is. */
function cutAt(graph: Graph, name: string): Graph {
  if (graph.inputs.some((input) => input.name === name)) return graph;
  const nodes = graph.nodes.filter((node) => !node.outputs.includes(name));
  return { ...graph, nodes, inputs: [...graph.inputs, { name, type: "f32", dims: null }] };
}

/** Seeded numbers for every declared input. */
export function feedsFor(
  graph: Graph,
  {
    inputs = "smooth",
    within = [-1, 1],
    feeds = {},
  }: Pick<GradientCase, "inputs" | "within" | "feeds">,
  batch: number,
): Map<string, Constant> {
  return new Map(
    graph.inputs.map(({ name, type, dims }, no) => {
      const sizes = (dims ?? []).map((dim) => (typeof dim === "number" ? dim : batch));
      const own = feeds[name];
      if (own) return [name, floatConstant(own, sizes)];
      const seeded = seededConstant(name, type ?? "f32", sizes);
      if (!type || !isFloat(type)) return [name, seeded];
      const count = countOf(sizes);
      const [low, high] = within;
      const values =
        inputs === "grid"
          ? shuffled(count, createRandom(count + no)).map(
              (i) => (i - Math.floor(count / 2) + 0.5) * 0.1 + no / 30,
            )
          : floatsOf(seeded).map((unit) => low + ((unit + 1) / 2) * (high - low));
      return [name, floatConstant(values, sizes)];
    }),
  );
}
