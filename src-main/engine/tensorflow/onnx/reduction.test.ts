import { describe, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";
import { reductionCases } from "../../../../test/support/operator-cases/reduction.ts";

describe("reductions on TensorFlow.js", () => {
  it.each(reductionCases)("$name", (given) => expectWitness(given));

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
