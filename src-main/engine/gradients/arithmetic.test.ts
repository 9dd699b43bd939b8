import { describe, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

describe("arithmetic matches finite differences", () => {
  const shapes = [
    ["equal dims", "a: f32[N, 3, 4], b: f32[N, 3, 4]"],
    ["broadcast both ways", "a: f32[2, 1, 4], b: f32[3, 1]"],
    ["a scalar", "a: f32[2, 3], b: f32[]"],
  ] as const;
  const cases = ["Add", "Sub", "Mul", "Div", "Pow"].flatMap((op) =>
    shapes.flatMap(([dims, inputs]) => ["a", "b"].map((to) => [op, to, dims, inputs] as const)),
  );
  it.each(cases)("%s to %s with %s", (op, to, _, inputs) =>
    expectGradient({ graph: `${inputs}\ny = ${op}(a, b)`, of: "y", to, within: [0.5, 2] }),
  );

  it.each(["f32(2)", "f32(3)", "f32(0.5)", "f32(-1)", "i64(2)", "f32[1, 2, 3]"])(
    "Pow with exponent %s",
    (exponent) =>
      expectGradient({
        graph: `x: f32[2, 3]\ny = Pow(x, ${exponent})`,
        of: "y",
        to: "x",
        within: [0.5, 2],
      }),
  );

  it("Pow to a whole power of negative numbers", () =>
    expectGradient({ graph: "x: f32[2, 3]\ny = Pow(x, f32(3))", of: "y", to: "x" }));

  it.each(["Sum", "Mean"])("%s of three operands of different dims", (op) =>
    expectGradient({
      graph: `a: f32[2, 3, 4], b: f32[3, 1], c: f32[4]\ny = ${op}(a, b, c)`,
      of: "y",
      to: "b",
    }),
  );

  it("a value read twice by one node, and by several", () =>
    expectGradient({
      graph: `x: f32[2, 3]
              s = Mul(x, x)
              t = Add(s, x)
              y = Mul(t, s)`,
      of: "y",
      to: "x",
    }));
});
