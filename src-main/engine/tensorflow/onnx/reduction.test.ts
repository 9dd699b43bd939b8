import { describe, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";

const smooth =
  "ReduceSum ReduceMean ReduceSumSquare ReduceL2 ReduceLogSumExp ReduceProd ReduceLogSum";
const kinked = "ReduceMax ReduceMin ReduceL1";
const cases = [
  ["over one axis, kept", "i64[2]", "keepdims: 1"],
  ["over one axis, dropped", "i64[-1]", "keepdims: 0"],
  ["over several axes", "i64[1, 3]", "keepdims: 0"],
] as const;

describe("reductions on TensorFlow.js", () => {
  it.each(smooth.split(" ").flatMap((op) => cases.map((entry) => [op, ...entry] as const)))(
    "%s %s",
    (op, _, axes, attributes) =>
      expectWitness({
        graph: `x: f32[N, 3, 2, 4]\ny = ${op}(x, ${axes}) { ${attributes} }`,
        to: "x",
        within: op === "ReduceLogSum" ? [0.5, 2] : [-1, 1],
      }),
  );

  it.each(kinked.split(" ").flatMap((op) => cases.map((entry) => [op, ...entry] as const)))(
    "%s %s",
    (op, _, axes, attributes) =>
      expectWitness({
        graph: `x: f32[N, 3, 2, 4]\ny = ${op}(x, ${axes}) { ${attributes} }`,
        to: "x",
        inputs: "grid",
      }),
  );

  it.each(["ReduceSum", "ReduceMean", "ReduceL2"])("%s over all axes when none is stated", (op) =>
    expectWitness({ graph: `x: f32[3, 2, 4]\ny = ${op}(x)`, to: "x" }),
  );

  it("ReduceSum over none when told so", () =>
    expectWitness({
      graph: "x: f32[3, 4]\ny = ReduceSum(x) { noop_with_empty_axes: 1 }",
      to: "x",
    }));

  it("ReduceProd where one factor, and where two, are 0", () =>
    expectWitness({
      graph: "x: f32[3, 3]\ny = ReduceProd(x, i64[1]) { keepdims: 0 }",
      to: "x",
      feeds: { x: [2, 0, 3, 0, 4, 0, 1, -2, 0.5] },
    }));

  it.each(["i64[1]", "i64[0, 1]"])("ReduceMax of equals over %s", (axes) =>
    expectWitness({
      graph: `x: f32[2, 2]\ny = ReduceMax(x, ${axes})`,
      to: "x",
      feeds: { x: [2, 2, 1, 2] },
    }),
  );

  it("of what a convolution leaves channels last, dims dropped", () =>
    expectWitness({
      graph: `
        x: f32[N, 3, 4, 5]
        const w: f32[6, 3, 1, 1]
        c = Conv(x, w)
        a = ReduceMean(c, i64[2]) { keepdims: 0 }
        b = ReduceMax(c, i64[1]) { keepdims: 0 }
        s = ReduceSum(b, i64[-1]) { keepdims: 1 }
        t = Transpose(s) { perm: [0, 2, 1] }
        m = ReduceMean(t, i64[-1])
        y = Mul(a, m)`,
      to: "x",
    }));

  it.each(["ArgMax(x) { axis: 1 }", "ArgMin(x) { axis: -1, keepdims: 0 }"])("%s", (call) =>
    expectWitness({ graph: `x: f32[N, 3, 2, 4]\ny = ${call}`, inputs: "grid" }),
  );
});
