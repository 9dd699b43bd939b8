import { describe, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";

describe("smooth functions on TensorFlow.js", () => {
  it.each([
    "Neg(x)",
    "Abs(x)",
    "Exp(x)",
    "Sin(x)",
    "Cos(x)",
    "Tan(x)",
    "Erf(x)",
    "Sigmoid(x)",
    "Tanh(x)",
    "Softplus(x)",
    "Mish(x)",
    "com.microsoft.QuickGelu(x) { alpha: 1.5 }",
    "com.microsoft.QuickGelu(x)",
  ])("%s", (call) =>
    expectWitness({ graph: `x: f32[N, 3, 5]\ny = ${call}`, to: "x", within: [-1.4, 1.4] }),
  );

  it.each([
    ["20", "Gelu(x)"],
    ["20", 'Gelu(x) { approximate: "tanh" }'],
    ["24", "Swish(x) { alpha: 1.5 }"],
  ])("opset %s, %s", (opset, call) =>
    expectWitness({
      graph: `opset ${opset}\nx: f32[N, 3, 5]\ny = ${call}`,
      to: "x",
      within: [-3, 3],
    }),
  );

  it.each(["Sqrt", "Log", "Reciprocal"])("%s", (op) =>
    expectWitness({ graph: `x: f32[N, 3, 5]\ny = ${op}(x)`, to: "x", within: [0.5, 2] }),
  );

  it.each(["Floor", "Ceil", "Sign"])("%s, which has no slope", (op) =>
    expectWitness({ graph: `x: f32[N, 3, 5]\ny = ${op}(x)`, within: [-3, 3] }),
  );

  it("Round, halves to even", () =>
    expectWitness({
      graph: "x: f32[6]\ny = Round(x)",
      feeds: { x: [-1.5, -0.5, 0.5, 1.5, 2.5, 2.6] },
    }));
});

describe("kinked activations on TensorFlow.js", () => {
  it.each([
    "Relu(x)",
    "LeakyRelu(x) { alpha: 0.3 }",
    "LeakyRelu(x) { alpha: -0.3 }",
    "LeakyRelu(x)",
    "ThresholdedRelu(x) { alpha: 0.7 }",
    "PRelu(x, f32[[[0.2]], [[-0.5]], [[0.0]]])",
    "Clip(x, f32(-0.5), f32(1))",
    "Clip(x, f32(-0.5))",
    "Clip(x, _, f32(0.5))",
    "Clip(x)",
    "HardSigmoid(x) { alpha: 0.4, beta: 0.31 }",
    "HardSigmoid(x)",
    "HardSwish(x)",
    "Elu(x) { alpha: 0.7 }",
    "Celu(x) { alpha: 0.7 }",
    "Selu(x)",
    "Selu(x) { alpha: 1.5, gamma: 1.2 }",
    "Softsign(x)",
  ])("%s", (call) =>
    expectWitness({ graph: `x: f32[N, 3, 5, 2]\ny = ${call}`, to: "x", inputs: "grid" }),
  );

  it("pass nothing at a bound, and 0 times infinity stays 0", () =>
    expectWitness({
      graph: "x: f32[4]\nr = Relu(x)\nc = Clip(r, f32(0), f32(6))\ny = Elu(c)",
      to: "x",
      feeds: { x: [-1, 0, 6, 200] },
    }));
});
