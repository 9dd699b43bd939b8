import { describe, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";
import {
  convCases,
  convTransposeCases,
} from "../../../../test/support/operator-cases/convolution.ts";

describe("Conv on TensorFlow.js", () => {
  it.each(convCases)("$name", (given) => expectWitness(given));

  it("with a bias, one after the other, and a shortcut", () =>
    expectWitness({
      graph: `
        x: f32[N, 3, 6, 5]
        const v: f32[4, 3, 3, 3]
        const w: f32[4, 4, 1, 1]
        const b: f32[4]
        a = Conv(x, v, b) { pads: [1, 1, 1, 1] }
        r = Relu(a)
        c = Conv(r, w, b)
        y = Add(c, a)`,
      to: "x",
    }));
});

describe("ConvTranspose on TensorFlow.js", () => {
  it.each(convTransposeCases)("$name", (given) => expectWitness(given));
});
