import { describe, expect, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

describe("reading by index matches finite differences", () => {
  it.each([
    ["Gather of one row", "x: f32[N, 5, 3]", "Gather(x, i64(2)) { axis: 1 }"],
    ["Gather of the last, counted back", "x: f32[N, 5, 3]", "Gather(x, i64[-1]) { axis: -2 }"],
    ["Gather with repeats", "x: f32[N, 5, 3]", "Gather(x, i64[3, -2, 0, 3]) { axis: 1 }"],
    [
      "Gather by a matrix of indices",
      "x: f32[N, 3, 5]",
      "Gather(x, i64[[0, 4], [1, 4]]) { axis: 2 }",
    ],
    ["Gather along the first axis", "x: f32[5, 3]", "Gather(x, i64[3, 1, 1])"],
    [
      "GatherElements",
      "x: f32[3, 4]",
      "GatherElements(x, i64[[0, 3], [1, 1], [-1, 0]]) { axis: 1 }",
    ],
    ["GatherND", "x: f32[3, 4, 2]", "GatherND(x, i64[[0, 3], [1, 1], [1, 1]])"],
    [
      "ScatterElements to data",
      "x: f32[3, 4], u: f32[3, 2]",
      "ScatterElements(x, i64[[0, 3], [1, 2], [3, 0]], u) { axis: 1 }",
    ],
    [
      "ScatterElements add to data",
      "x: f32[3, 4], u: f32[3, 2]",
      'ScatterElements(x, i64[[0, 3], [1, 1], [3, 0]], u) { axis: 1, reduction: "add" }',
    ],
    [
      "ScatterElements to updates",
      "d: f32[3, 4], x: f32[3, 2]",
      "ScatterElements(d, i64[[0, 3], [1, 2], [3, 0]], x) { axis: 1 }",
    ],
    ["ScatterND to data", "x: f32[3, 4], u: f32[2, 4]", "ScatterND(x, i64[[2], [0]], u)"],
    [
      "ScatterND add to data",
      "x: f32[3, 4], u: f32[2, 4]",
      'ScatterND(x, i64[[2], [2]], u) { reduction: "add" }',
    ],
    ["ScatterND to updates", "d: f32[3, 4], x: f32[2, 4]", "ScatterND(d, i64[[2], [0]], x)"],
  ])("%s", (_, inputs, call) =>
    expectGradient({ graph: `${inputs}\ny = ${call}`, of: "y", to: "x" }),
  );

  it.each([
    ["TopK", "y, i = TopK(x, i64[3])"],
    ["TopK of the least, along an inner axis", "y, i = TopK(x, i64[2]) { axis: 1, largest: 0 }"],
  ])("%s", (_, call) =>
    expectGradient({ graph: `x: f32[N, 4, 5]\n${call}`, of: "y", to: "x", inputs: "grid" }),
  );

  it.each([
    ["GatherND", "y = GatherND(x, i64[[1], [0]]) { batch_dims: 1 }", "it has batch_dims"],
    [
      "ScatterElements",
      'y = ScatterElements(x, i64[[0, 1]], f32[[1, 2]]) { reduction: "mul" }',
      "it combines by mul",
    ],
  ])("refuses %s", async (op, call, why) => {
    await expect(
      expectGradient({ graph: `x: f32[2, 3]\n${call}`, of: "y", to: "x" }),
    ).rejects.toMatchObject({ code: "gradient/no-rule", details: { node: "y", op, why } });
  });
});
