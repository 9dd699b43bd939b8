import { describe, expect, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";

describe("normalisation on TensorFlow.js", () => {
  const batch = "s: f32[3], b: f32[3], m: f32[3]\nconst v = f32[0.5, 1.5, 2]";
  it.each([
    [`x: f32[N, 3, 4, 2], ${batch}`, "BatchNormalization(x, s, b, m, v) { epsilon: 0.01 }"],
    [`x: f32[N, 3, 4], ${batch}`, "BatchNormalization(x, s, b, m, v)"],
    [`x: f32[N, 3], ${batch}`, "BatchNormalization(x, s, b, m, v)"],
    ["x: f32[N, 3, 5], s: f32[5], b: f32[5]", "LayerNormalization(x, s, b) { epsilon: 0.01 }"],
    ["x: f32[N, 3, 5], s: f32[3, 5]", "LayerNormalization(x, s) { axis: 1 }"],
    [
      "x: f32[N, 3, 4, 2], s: f32[3], b: f32[3]",
      "InstanceNormalization(x, s, b) { epsilon: 0.01 }",
    ],
    [
      "x: f32[N, 6, 3, 2], s: f32[2], b: f32[2]",
      "GroupNormalization(x, s, b) { num_groups: 2, epsilon: 0.01 }",
    ],
    [
      "opset 21\nx: f32[N, 6, 3, 2], s: f32[6], b: f32[6]",
      "GroupNormalization(x, s, b) { num_groups: 2 }",
    ],
    ["x: f32[N, 3, 4, 2]", "MeanVarianceNormalization(x) { axes: [2, 3] }"],
    ["opset 23\nx: f32[N, 3, 5], s: f32[5]", "RMSNormalization(x, s) { epsilon: 0.01 }"],
    ["x: f32[N, 3, 5], s: f32[5]", "SimplifiedLayerNormalization(x, s) { epsilon: 0.01 }"],
    ["x: f32[N, 3, 5]", "LpNormalization(x)"],
    ["x: f32[N, 3, 5]", "LpNormalization(x) { axis: 1 }"],
    ["x: f32[N, 7, 3, 2]", "LRN(x) { size: 3, alpha: 0.8, beta: 0.6, bias: 1.5 }"],
    ["x: f32[1, 7, 3, 2]", "LRN(x) { size: 5 }"],
    ["x: f32[N, 3, 5]", "Softmax(x)"],
    ["x: f32[N, 3, 5]", "Softmax(x) { axis: 1 }"],
    ["x: f32[N, 3, 5]", "LogSoftmax(x)"],
    ["x: f32[N, 3, 5]", "LogSoftmax(x) { axis: -2 }"],
  ])("%s: %s", (inputs, call) => expectWitness({ graph: `${inputs}\ny = ${call}`, to: "x" }));

  it("LpNormalization with p 1", () =>
    expectWitness({
      graph: "x: f32[N, 3, 5]\ny = LpNormalization(x) { p: 1 }",
      to: "x",
      inputs: "grid",
    }));

  it("refuses the statistics of LayerNormalization by name", async () => {
    const graph = "x: f32[N, 3, 5], s: f32[5]\na, y = LayerNormalization(x, s)";
    await expect(expectWitness({ graph })).rejects.toMatchObject({
      code: "tensorflow/no-kernel",
      details: { op: "LayerNormalization with its statistics", node: "a" },
    });
  });
});
