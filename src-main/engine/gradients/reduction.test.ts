import { describe, expect, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";
import { reductionCases } from "../../../test/support/operator-cases/reduction.ts";

describe("reductions match finite differences", () => {
  it.each(reductionCases)("$name", (given) => expectGradient({ ...given, of: "y" }));

  it("refuses to mix the images of a batch", async () => {
    const graph = "x: f32[N, 3]\ny = ReduceSum(x, i64[0])";
    await expect(expectGradient({ graph, of: "y", to: "x" })).rejects.toMatchObject({
      code: "gradient/no-rule",
      details: { node: "y", op: "ReduceSum", why: "it mixes the images of a batch" },
    });
  });
});
