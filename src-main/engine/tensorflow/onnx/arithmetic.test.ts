import { describe, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";

describe("arithmetic on TensorFlow.js", () => {
  const shapes = [
    ["equal dims", "a: f32[N, 3, 4], b: f32[N, 3, 4]"],
    ["broadcast both ways", "a: f32[2, 1, 4], b: f32[3, 1]"],
    ["a scalar", "a: f32[2, 3], b: f32[]"],
  ] as const;
  const cases = ["Add", "Sub", "Mul", "Div", "Pow"].flatMap((op) =>
    shapes.flatMap(([dims, inputs]) => ["a", "b"].map((to) => [op, to, dims, inputs] as const)),
  );
  it.each(cases)("%s to %s with %s", (op, to, _, inputs) =>
    expectWitness({ graph: `${inputs}\ny = ${op}(a, b)`, to, within: [0.5, 2] }),
  );

  it.each(["f32(2)", "f32(3)", "f32(0.5)", "f32(-1)", "i64(2)", "f32[1, 2, 3]"])(
    "Pow with exponent %s",
    (exponent) =>
      expectWitness({ graph: `x: f32[2, 3]\ny = Pow(x, ${exponent})`, to: "x", within: [0.5, 2] }),
  );

  it.each(["Sum", "Mean"])("%s of three operands of different dims", (op) =>
    expectWitness({
      graph: `a: f32[2, 3, 4], b: f32[3, 1], c: f32[4]\ny = ${op}(a, b, c)`,
      to: "b",
    }),
  );

  it("beside convolutions, whose results lie channels last", () =>
    expectWitness({
      graph: `
        x: f32[N, 3, 4, 5]
        const w: f32[6, 3, 1, 1]
        const p: f32[4, 5]
        const q: f32[6, 1, 1]
        const r: f32[1, 6, 4, 1]
        c = Conv(x, w)
        d = Add(c, p)
        e = Mul(q, d)
        f = Sub(e, r)
        y = Mul(f, c)`,
      to: "x",
    }));
});

describe("selection on TensorFlow.js", () => {
  it.each([
    ["x: f32[N, 3], b: f32[N, 3]", "Where(bool[true, false, true], x, b)", "x"],
    ["a: f32[2, 3], x: f32[3]", "Where(bool[[true], [false]], a, x)", "x"],
    ["x: f32[N, 3, 5], b: f32[3, 1]", "Max(x, b)", "x"],
    ["a: f32[2, 3, 5], x: f32[1, 5]", "Min(a, x)", "x"],
    ["a: f32[3, 5], x: f32[3, 5], c: f32[3, 5]", "Max(a, x, c)", "x"],
  ])("%s: %s", (inputs, call, to) =>
    expectWitness({ graph: `${inputs}\ny = ${call}`, to, inputs: "grid" }),
  );

  it.each(["Max(x, f32[1, 1, 1])", "Min(f32[1, 1, 1], x)"])("ties of %s go to the first", (call) =>
    expectWitness({ graph: `x: f32[3]\ny = ${call}`, to: "x", feeds: { x: [0, 1, 2] } }),
  );

  it("by comparisons of what has a slope", () =>
    expectWitness({
      graph: `
        x: f32[N, 3, 2, 2, 2]
        g = Greater(x, f32(0.2))
        l = LessOrEqual(x, f32(-0.3))
        o = Or(g, l)
        m = Cast(o) { to: 1 }
        s = Mul(x, m)
        n = Not(o)
        q = Mul(x, x)
        y = Where(n, q, s)`,
      to: "x",
      inputs: "grid",
    }));
});
