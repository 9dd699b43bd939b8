import { describe, expect, it } from "vitest";
import { compiledSlopes } from "../../../test/support/compiled-slopes.ts";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

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
  const slopes = await compiledSlopes("x: f32[3]\ny = Sqrt(x)", [0, 0, 4], [0, 1, 1]);
  expect(slopes).toEqual([0, Infinity, 0.25]);
});
