import { describe, it } from "vitest";
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
