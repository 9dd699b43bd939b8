import { describe, expect, it } from "vitest";
import { compiledSlopes } from "../../../test/support/compiled-slopes.ts";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

describe("selection matches finite differences", () => {
  it.each([
    ["Where, chosen", "x: f32[N, 3], b: f32[N, 3]", "Where(bool[true, false, true], x, b)", "x"],
    [
      "Where, not chosen and broadcast",
      "a: f32[2, 3], x: f32[3]",
      "Where(bool[[true], [false]], a, x)",
      "x",
    ],
    ["Max", "x: f32[N, 3, 5], b: f32[3, 1]", "Max(x, b)", "x"],
    ["Min, second operand", "a: f32[2, 3, 5], x: f32[1, 5]", "Min(a, x)", "x"],
    ["Max of three", "a: f32[3, 5], x: f32[3, 5], c: f32[3, 5]", "Max(a, x, c)", "x"],
  ])("%s", (_, inputs, call, to) =>
    expectGradient({ graph: `${inputs}\ny = ${call}`, of: "y", to, inputs: "grid" }),
  );
});

describe("ties go to the first", () => {
  it.each(["Max", "Min"])("of the operands of %s", async (op) => {
    const first = `x: f32[3]\ny = ${op}(x, f32[1, 1, 1])`;
    const second = `x: f32[3]\ny = ${op}(f32[1, 1, 1], x)`;
    const wins = op === "Max" ? 1 : 0;
    expect(await compiledSlopes(first, [0, 1, 2])).toEqual([1 - wins, 1, wins]);
    expect(await compiledSlopes(second, [0, 1, 2])).toEqual([1 - wins, 0, wins]);
  });

  it("of a window of MaxPool", async () => {
    const text = "x: f32[1, 1, 3, 3]\ny = MaxPool(x) { kernel_shape: [2, 2] }";
    expect(await compiledSlopes(text, [5, 5, 5, 5, 5, 5, 5, 5, 5])).toEqual([
      1, 1, 0, 1, 1, 0, 0, 0, 0,
    ]);
  });

  it("of an axis of ReduceMax, but several axes share", async () => {
    const x = [2, 2, 1, 2];
    expect(await compiledSlopes("x: f32[2, 2]\ny = ReduceMax(x, i64[1])", x)).toEqual([1, 0, 0, 1]);
    const shared = await compiledSlopes("x: f32[2, 2]\ny = ReduceMax(x, i64[0, 1])", x, [3]);
    expect(shared).toEqual([1, 1, 0, 1]);
  });
});
