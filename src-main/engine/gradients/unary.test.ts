import { describe, expect, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";
import { floatConstant, floatsOf } from "../onnx/constant.ts";
import { parseGraph } from "../onnx/text.ts";
import { withOutputs } from "../onnx/walk.ts";
import { runGraph } from "../session/runtime.ts";
import { appendBackward } from "./backward.ts";

describe("functions of one number match finite differences", () => {
  it.each(["Neg", "Exp", "Sin", "Cos", "Tan", "Erf"])("%s", (op) =>
    expectGradient({ graph: `x: f32[N, 3, 5]\ny = ${op}(x)`, of: "y", to: "x" }),
  );

  it.each(["Sqrt", "Log", "Reciprocal"])("%s of positive numbers", (op) =>
    expectGradient({
      graph: `x: f32[N, 3, 5]\ny = ${op}(x)`,
      of: "y",
      to: "x",
      within: [0.5, 2],
    }),
  );

  it("Abs", () =>
    expectGradient({ graph: "x: f32[3, 5]\ny = Abs(x)", of: "y", to: "x", inputs: "grid" }));
});

it("Sqrt of 0 passes no NaN where no gradient arrives", async () => {
  const graph = parseGraph("x: f32[3]\ny = Sqrt(x)");
  const shape = { type: "f32" as const, dims: [3], batchFactor: [0] };
  const shapes = new Map(["x", "y"].map((name) => [name, shape]));
  const backward = appendBackward({ graph, shapes, taps: ["x"], logits: "y", seed: "seed" });
  const name = backward.gradients.get("x") ?? "";
  const feeds = new Map([
    ["x", floatConstant([0, 0, 4])],
    ["seed", floatConstant([0, 1, 1])],
  ]);
  const run = await runGraph(withOutputs(backward.graph, [name]), feeds);
  expect([...floatsOf(run.get(name) ?? floatConstant([]))]).toEqual([0, Infinity, 0.25]);
});
