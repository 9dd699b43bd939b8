import { describe, expect, it } from "vitest";
import { compiledSlopes } from "../../../test/support/compiled-slopes.ts";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

describe("smooth activations match finite differences", () => {
  it.each([
    ["Sigmoid", "Sigmoid(x)"],
    ["Tanh", "Tanh(x)"],
    ["Softplus", "Softplus(x)"],
    ["Mish", "Mish(x)"],
    ["QuickGelu", "com.microsoft.QuickGelu(x) { alpha: 1.5 }"],
    ["QuickGelu's own alpha", "com.microsoft.QuickGelu(x)"],
  ])("%s", (_, call) =>
    expectGradient({ graph: `x: f32[N, 3, 5]\ny = ${call}`, of: "y", to: "x", within: [-3, 3] }),
  );

  it.each([
    ["Gelu", "opset 20", "Gelu(x)"],
    ["Gelu by tanh", "opset 20", 'Gelu(x) { approximate: "tanh" }'],
    ["Swish", "opset 24", "Swish(x) { alpha: 1.5 }"],
  ])("%s", (_, opset, call) =>
    expectGradient({
      graph: `${opset}\nx: f32[N, 3, 5]\ny = ${call}`,
      of: "y",
      to: "x",
      within: [-3, 3],
    }),
  );
});

describe("kinked activations match finite differences", () => {
  it.each([
    ["Relu", "Relu(x)"],
    ["LeakyRelu", "LeakyRelu(x) { alpha: 0.3 }"],
    ["LeakyRelu that falls", "LeakyRelu(x) { alpha: -0.3 }"],
    ["LeakyRelu's own alpha", "LeakyRelu(x)"],
    ["ThresholdedRelu", "ThresholdedRelu(x) { alpha: 0.7 }"],
    ["PRelu", "PRelu(x, f32[[[0.2]], [[-0.5]], [[0.0]]])"],
    ["Clip", "Clip(x, f32(-0.5), f32(1))"],
    ["Clip from below", "Clip(x, f32(-0.5))"],
    ["Clip from above", "Clip(x, _, f32(0.5))"],
    ["Clip without bounds", "Clip(x)"],
    ["HardSigmoid", "HardSigmoid(x) { alpha: 0.4, beta: 0.31 }"],
    ["HardSigmoid's own slope", "HardSigmoid(x)"],
  ])("%s", (_, call) =>
    expectGradient({
      graph: `x: f32[N, 3, 5, 2]\ny = ${call}`,
      of: "y",
      to: "x",
      inputs: "grid",
    }),
  );

  // Curved on one side.
  it.each([
    ["HardSwish", "HardSwish(x)"],
    ["Elu", "Elu(x) { alpha: 0.7 }"],
    ["Celu", "Celu(x) { alpha: 0.7 }"],
    ["Selu", "Selu(x)"],
    ["Selu with its own numbers", "Selu(x) { alpha: 1.5, gamma: 1.2 }"],
    ["Softsign", "Softsign(x)"],
  ])("%s", (_, call) =>
    expectGradient({
      graph: `x: f32[3, 5, 2]\ny = ${call}`,
      of: "y",
      to: "x",
      inputs: "grid",
    }),
  );
});

it("ReLU and ReLU6 pass nothing at 0, and 0 times infinity stays 0", async () => {
  const text = "x: f32[4]\nr = Relu(x)\ny = Clip(r, f32(0), f32(6))";
  const slopes = await compiledSlopes(text, [-1, 0, 3, 7], [Infinity, Infinity, 2, Infinity]);
  expect(slopes).toEqual([0, 0, 2, 0]);
});
