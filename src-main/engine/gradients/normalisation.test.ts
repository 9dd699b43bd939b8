import { describe, expect, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

describe("normalisations match finite differences", () => {
  const batch = "s: f32[3], b: f32[3], m: f32[3]\nconst v = f32[0.5, 1.5, 2]";
  it.each([
    [
      "BatchNormalization",
      `x: f32[N, 3, 4, 2], ${batch}`,
      "BatchNormalization(x, s, b, m, v) { epsilon: 0.01 }",
    ],
    [
      "BatchNormalization of constants",
      "x: f32[N, 3, 4]\nconst s = f32[1, -2, 0.5]\nconst v = f32[0.5, 1.5, 2]\nb: f32[3], m: f32[3]",
      "BatchNormalization(x, s, b, m, v)",
    ],
    [
      "BatchNormalization of features",
      `x: f32[N, 3], ${batch}`,
      "BatchNormalization(x, s, b, m, v)",
    ],
    [
      "LayerNormalization",
      "x: f32[N, 3, 5], s: f32[5], b: f32[5]",
      "LayerNormalization(x, s, b) { epsilon: 0.01 }",
    ],
    [
      "LayerNormalization over two axes",
      "x: f32[N, 3, 5], s: f32[3, 5]",
      "LayerNormalization(x, s) { axis: 1 }",
    ],
    [
      "InstanceNormalization",
      "x: f32[N, 3, 4, 2], s: f32[3], b: f32[3]",
      "InstanceNormalization(x, s, b) { epsilon: 0.01 }",
    ],
    [
      "GroupNormalization, scale per group",
      "x: f32[N, 6, 3, 2], s: f32[2], b: f32[2]",
      "GroupNormalization(x, s, b) { num_groups: 2, epsilon: 0.01 }",
    ],
    [
      "GroupNormalization, scale per channel",
      "opset 21\nx: f32[N, 6, 3, 2], s: f32[6], b: f32[6]",
      "GroupNormalization(x, s, b) { num_groups: 2 }",
    ],
    [
      "MeanVarianceNormalization",
      "x: f32[N, 3, 4, 2]",
      "MeanVarianceNormalization(x) { axes: [2, 3] }",
    ],
    [
      "RMSNormalization",
      "opset 23\nx: f32[N, 3, 5], s: f32[5]",
      "RMSNormalization(x, s) { epsilon: 0.01 }",
    ],
    [
      "SimplifiedLayerNormalization",
      "x: f32[N, 3, 5], s: f32[5]",
      "SimplifiedLayerNormalization(x, s) { epsilon: 0.01 }",
    ],
    ["LpNormalization", "x: f32[N, 3, 5]", "LpNormalization(x)"],
    ["LpNormalization along another axis", "x: f32[N, 3, 5]", "LpNormalization(x) { axis: 1 }"],
    ["LRN", "x: f32[N, 7, 3, 2]", "LRN(x) { size: 3, alpha: 0.8, beta: 0.6, bias: 1.5 }"],
    ["LRN with its own numbers", "x: f32[1, 7, 3, 2]", "LRN(x) { size: 5 }"],
  ])("%s", (_, inputs, call) =>
    expectGradient({ graph: `${inputs}\ny = ${call}`, of: "y", to: "x" }),
  );

  it("LpNormalization with p 1", () =>
    expectGradient({
      graph: "x: f32[N, 3, 5]\ny = LpNormalization(x) { p: 1 }",
      of: "y",
      to: "x",
      inputs: "grid",
    }));

  it.each([
    [
      "BatchNormalization",
      "y, m, v = BatchNormalization(x, s, s, s, s) { training_mode: 1 }",
      "it is in training mode",
    ],
    [
      "MeanVarianceNormalization",
      "y = MeanVarianceNormalization(x)",
      "it mixes the images of a batch",
    ],
  ])("refuses %s over a batch", async (op, call, why) => {
    const graph = `x: f32[N, 3, 2, 2], s: f32[3]\n${call}`;
    await expect(expectGradient({ graph, of: "y", to: "x" })).rejects.toMatchObject({
      code: "gradient/no-rule",
      details: { node: "y", op, why },
    });
  });
});

describe("softmax matches finite differences", () => {
  it.each([
    ["Softmax", "Softmax(x)"],
    ["Softmax along an inner axis", "Softmax(x) { axis: 1 }"],
    ["LogSoftmax", "LogSoftmax(x)"],
    ["LogSoftmax along an inner axis", "LogSoftmax(x) { axis: -2 }"],
  ])("%s", (_, call) =>
    expectGradient({ graph: `x: f32[N, 3, 5]\ny = ${call}`, of: "y", to: "x" }),
  );
});
