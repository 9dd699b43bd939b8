import { describe, expect, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";

describe("reading and writing by index on TensorFlow.js", () => {
  it.each([
    ["x: f32[N, 5, 3]", "Gather(x, i64(2)) { axis: 1 }"],
    ["x: f32[N, 5, 3]", "Gather(x, i64[-1]) { axis: -2 }"],
    ["x: f32[N, 5, 3]", "Gather(x, i64[3, -2, 0, 3]) { axis: 1 }"],
    ["x: f32[N, 3, 5]", "Gather(x, i64[[0, 4], [1, 4]]) { axis: 2 }"],
    ["x: f32[5, 3]", "Gather(x, i64[3, 1, 1])"],
    ["x: f32[3, 4]", "GatherElements(x, i64[[0, 3], [1, 1], [-1, 0]]) { axis: 1 }"],
    ["x: f32[3, 4, 2]", "GatherND(x, i64[[0, 3], [1, 1], [1, 1]])"],
    [
      "x: f32[3, 4], u: f32[3, 2]",
      "ScatterElements(x, i64[[0, 3], [1, 2], [3, 0]], u) { axis: 1 }",
    ],
    [
      "x: f32[3, 4], u: f32[3, 2]",
      'ScatterElements(x, i64[[0, 3], [1, 1], [3, 0]], u) { axis: 1, reduction: "add" }',
    ],
    [
      "d: f32[3, 4], x: f32[3, 2]",
      "ScatterElements(d, i64[[0, 3], [1, 2], [3, 0]], x) { axis: 1 }",
    ],
    ["x: f32[3, 4], u: f32[2, 4]", "ScatterND(x, i64[[2], [0]], u)"],
    ["x: f32[3, 4], u: f32[2, 4]", 'ScatterND(x, i64[[2], [2]], u) { reduction: "add" }'],
    ["d: f32[3, 4], x: f32[2, 4]", "ScatterND(d, i64[[2], [0]], x)"],
  ])("%s: %s", (inputs, call) => expectWitness({ graph: `${inputs}\ny = ${call}`, to: "x" }));

  it.each(["y, i = TopK(x, i64[3])", "y, i = TopK(x, i64[2]) { axis: 1, largest: 0 }"])(
    "%s",
    async (call) => {
      const graph = `x: f32[N, 4, 5]\n${call}`;
      await expectWitness({ graph, to: "x", inputs: "grid" });
      await expectWitness({ graph, of: "i", inputs: "grid" });
    },
  );

  it("TopK names the first of equals", () =>
    expectWitness({
      graph: "x: f32[2, 4]\nv, y = TopK(x, i64[3])",
      feeds: { x: [1, 3, 3, 2, 0, 0, 0, 0] },
    }));

  it("by indices that are found on the way", () =>
    expectWitness({
      graph: `
        x: f32[1, 4, 5]
        v, i = TopK(x, i64[2]) { axis: 1 }
        s = Squeeze(x, i64[0])
        f = Reshape(i, i64[-1])
        g = Gather(s, f) { axis: 0 }
        e = GatherElements(x, i) { axis: 1 }
        r = ReduceSum(g, i64[0, 1]) { keepdims: 0 }
        m = Mul(e, v)
        y = Mul(m, r)`,
      to: "x",
      inputs: "grid",
    }));

  it.each([
    ["GatherND with batch_dims", "y = GatherND(x, i64[[1], [0]]) { batch_dims: 1 }"],
    [
      "ScatterElements that combines by mul",
      'y = ScatterElements(x, i64[[0, 1]], f32[[1, 2]]) { reduction: "mul" }',
    ],
  ])("refuses %s", async (op, call) => {
    await expect(expectWitness({ graph: `x: f32[2, 3]\n${call}` })).rejects.toMatchObject({
      code: "tensorflow/no-kernel",
      details: { node: "y", op },
    });
  });
});
