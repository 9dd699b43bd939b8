import { describe, expect, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

const smooth =
  "ReduceSum ReduceMean ReduceSumSquare ReduceL2 ReduceLogSumExp ReduceProd ReduceLogSum";
const kinked = "ReduceMax ReduceMin ReduceL1";
const cases = [
  ["over one axis, kept", "i64[2]", "keepdims: 1"],
  ["over one axis, dropped", "i64[-1]", "keepdims: 0"],
  ["over several axes", "i64[1, 3]", "keepdims: 0"],
] as const;

describe("reductions match finite differences", () => {
  it.each(smooth.split(" ").flatMap((op) => cases.map((entry) => [op, ...entry] as const)))(
    "%s %s",
    (op, _, axes, attributes) =>
      expectGradient({
        graph: `x: f32[N, 3, 2, 4]\ny = ${op}(x, ${axes}) { ${attributes} }`,
        of: "y",
        to: "x",
        within: op === "ReduceLogSum" ? [0.5, 2] : [-1, 1],
      }),
  );

  it.each(kinked.split(" ").flatMap((op) => cases.map((entry) => [op, ...entry] as const)))(
    "%s %s",
    (op, _, axes, attributes) =>
      expectGradient({
        graph: `x: f32[N, 3, 2, 4]\ny = ${op}(x, ${axes}) { ${attributes} }`,
        of: "y",
        to: "x",
        inputs: "grid",
      }),
  );

  it.each(["ReduceSum", "ReduceMean", "ReduceL2"])("%s over all axes when none is stated", (op) =>
    expectGradient({ graph: `x: f32[3, 2, 4]\ny = ${op}(x)`, of: "y", to: "x" }),
  );

  it("ReduceSum over none when told so", () =>
    expectGradient({
      graph: "x: f32[3, 4]\ny = ReduceSum(x) { noop_with_empty_axes: 1 }",
      of: "y",
      to: "x",
    }));

  it("ReduceProd where one factor, and where two, are 0", () =>
    expectGradient({
      graph: "x: f32[3, 3]\ny = ReduceProd(x, i64[1]) { keepdims: 0 }",
      of: "y",
      to: "x",
      feeds: { x: [2, 0, 3, 0, 4, 0, 1, -2, 0.5] },
    }));

  it("refuses to mix the images of a batch", async () => {
    const graph = "x: f32[N, 3]\ny = ReduceSum(x, i64[0])";
    await expect(expectGradient({ graph, of: "y", to: "x" })).rejects.toMatchObject({
      code: "gradient/no-rule",
      details: { node: "y", op: "ReduceSum", why: "it mixes the images of a batch" },
    });
  });
});
