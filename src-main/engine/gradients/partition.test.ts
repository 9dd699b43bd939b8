import { describe, expect, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";
import { partitionCases } from "../../../test/support/operator-cases/partition.ts";

describe("cutting and joining match finite differences", () => {
  it.each(partitionCases)("$name", (given) => expectGradient({ ...given, of: "y" }));

  it.each([
    ["Concat", "y = Concat(x, x) { axis: 0 }", "it joins images of a batch"],
    ["Slice", "y = Slice(x, i64[0], i64[1], i64[0])", "it selects images of a batch"],
  ])("refuses %s over a batch", async (op, call, why) => {
    const graph = `x: f32[N, 3]\n${call}`;
    await expect(expectGradient({ graph, of: "y", to: "x" })).rejects.toMatchObject({
      code: "gradient/no-rule",
      details: { node: "y", op, why },
    });
  });
});
