import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { analyse } from "../compile/analyse.ts";
import { readModelFile } from "../onnx/file.ts";
import { parseGraph } from "../onnx/text.ts";
import { evaluate } from "../session/runtime.ts";
import { findShapes } from "./shapes.ts";
import { findVertexGraphs } from "./vertex-graph.ts";

async function graphsOf(text: string) {
  const graph = parseGraph(text);
  const input = { name: "x", type: "f32", dims: [6, 16], fixedBatch: null } as const;
  return findVertexGraphs(graph, await findShapes(graph, input, evaluate));
}

/** Squared distances `[N,16,16]` of 16 vertices with 6 features each, negated. */
const distances = `
  x: f32[N, 6, 16]
  v = Transpose(x) { perm: [0, 2, 1] }
  product = MatMul(v, x)
  twice = Mul(product, f32(-2.0))
  square = Mul(v, v)
  own = ReduceSum(square, i64[-1])
  other = Transpose(own) { perm: [0, 2, 1] }
  half = Add(own, twice)
  whole = Add(half, other)
  near = Neg(whole)
`;
const gathered = `
  picked = Unsqueeze(kept, i64[-1])
  wide = Expand(picked, i64[1, 1, 1, 6])
  rows = Unsqueeze(v, i64[1])
  table = Expand(rows, i64[1, 16, 1, 1])
  messages = GatherElements(table, wide) { axis: 2 }
  y = ReduceMax(messages, i64[1, 2]) { keepdims: 0 }
  return y
`;

describe("the graphs of vision graph networks", () => {
  it("are a TopK over negated squared distances whose indices are gathered by", async () => {
    const text = `${distances} values, kept = TopK(near, i64[4]) ${gathered}`;
    expect(await graphsOf(text)).toEqual([{ indices: "kept", vertices: 16, kept: [0, 1, 2, 3] }]);
  });

  it("are a TopK over the product itself, a cosine", async () => {
    const text = `
      x: f32[N, 6, 16]
      length = ReduceL2(x, i64[1])
      unit = Div(x, length)
      v = Transpose(unit) { perm: [0, 2, 1] }
      alike = MatMul(v, unit)
      values, kept = TopK(alike, i64[3]) ${gathered}`;
    expect(await graphsOf(text)).toMatchObject([{ vertices: 16, kept: [0, 1, 2] }]);
  });

  it("keep every d-th neighbour where a Slice dilates them", async () => {
    const text = `${distances}
      values, chosen = TopK(near, i64[8])
      kept = Slice(chosen, i64[0], i64[9223372036854775807], i64[2], i64[2]) ${gathered}`;
    expect(await graphsOf(text)).toEqual([{ indices: "chosen", vertices: 16, kept: [0, 2, 4, 6] }]);
  });

  it("are none where neighbours come from a coarser grid", async () => {
    const text = `
      x: f32[N, 6, 16]
      v = Transpose(x) { perm: [0, 2, 1] }
      coarse = AveragePool(x) { kernel_shape: [4], strides: [4] }
      product = MatMul(v, coarse)
      values, kept = TopK(product, i64[3])
      c = Transpose(coarse) { perm: [0, 2, 1] }
      picked = Unsqueeze(kept, i64[-1])
      wide = Expand(picked, i64[1, 1, 1, 6])
      rows = Unsqueeze(c, i64[1])
      table = Expand(rows, i64[1, 16, 1, 1])
      messages = GatherElements(table, wide) { axis: 2 }
      y = ReduceMax(messages, i64[1, 2]) { keepdims: 0 }
      return y`;
    expect(await graphsOf(text)).toEqual([]);
  });

  it("are none where the product is of two projections, as in attention", async () => {
    const text = `
      x: f32[N, 6, 16]
      const q: f32[6, 6]
      const k: f32[6, 6]
      v = Transpose(x) { perm: [0, 2, 1] }
      queries = MatMul(v, q)
      keys = MatMul(v, k)
      turned = Transpose(keys) { perm: [0, 2, 1] }
      scores = MatMul(queries, turned)
      values, kept = TopK(scores, i64[3]) ${gathered}`;
    expect(await graphsOf(text)).toEqual([]);
  });

  it("are none where the indices are never gathered by", async () => {
    const text = `${distances}
      values, chosen = TopK(near, i64[4])
      y = ReduceMax(values, i64[1]) { keepdims: 0 }
      return y`;
    expect(await graphsOf(text)).toEqual([]);
  });
});

describe.skipIf(!fixturesFolder)("the graphs of exported networks", () => {
  it("mini_vig has four of 64 vertices and 6 neighbours, the last two dilated by 2", async () => {
    const file = readModelFile(fixture("models/mini-cifar10/mini_vig_cifar10.onnx"));
    const model = await analyse(file.model, evaluate, { file: file.fileName });
    const graphs = findVertexGraphs(model.graph, model.shapes);
    expect(graphs.map(({ vertices }) => vertices)).toEqual([64, 64, 64, 64]);
    expect(graphs.map(({ kept }) => kept)).toEqual([
      [0, 1, 2, 3, 4, 5],
      [0, 1, 2, 3, 4, 5],
      [0, 2, 4, 6, 8, 10],
      [0, 2, 4, 6, 8, 10],
    ]);
  });

  it("a transformer and a convolutional network have none", async () => {
    for (const name of ["mini_vit", "mini_swin", "mini_densenet"]) {
      const file = readModelFile(fixture(`models/mini-cifar10/${name}_cifar10.onnx`));
      const model = await analyse(file.model, evaluate, { file: file.fileName });
      expect(findVertexGraphs(model.graph, model.shapes), name).toEqual([]);
    }
  });
});
