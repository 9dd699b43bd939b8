import { describe, expect, it } from "vitest";
import type { Forward } from "../../../shared/domain/engine.ts";
import { createRandom } from "../../../test/support/seeded.ts";
import { checkGradient } from "./self-check.ts";

const dims = [1, 4, 5, 3];
const size = 60;
const random = createRandom(7);
const noise = () => Float32Array.from({ length: size }, () => random() * 2 - 1);
const weights = noise();

/** One class whose score is `Σ w·f(a)`; the gradient is `w·f′(a)`, times `factor`. */
function check(
  f: (a: number) => number,
  slope: (a: number) => number,
  { factor = 1, activations = noise() } = {},
) {
  const from: Forward = {
    logits: { dims: [1, 1], data: new Float32Array(1) },
    activations: { dims, data: activations },
    context: null,
  };
  return checkGradient({
    from,
    activations: from.activations,
    gradients: { dims, data: activations.map((a, i) => factor * (weights[i] ?? 0) * slope(a)) },
    seed: { dims: [1, 1], data: Float32Array.of(1) },
    tail: async (_, { data }, { length }) => ({
      dims: [length, 1],
      data: Float32Array.from({ length }, (_, row) =>
        data
          .subarray(row * size, (row + 1) * size)
          .reduce((sum, a, i) => sum + (weights[i] ?? 0) * f(a), 0),
      ),
    }),
  });
}

describe("the self-check", () => {
  it("accepts the gradient of a smooth tail", async () => {
    const found = await check(Math.exp, Math.exp);
    expect(found).toMatchObject({ kind: "agrees" });
  });

  it("refuses one that is 5 % too large, reversed, or not a number", async () => {
    for (const factor of [1.05, -1, NaN])
      expect(await check(Math.exp, Math.exp, { factor })).toMatchObject({ kind: "differs" });
  });

  it("refuses a gradient of zero where the score does move", async () => {
    expect(await check(Math.exp, Math.exp, { factor: 0 })).toMatchObject({ kind: "differs" });
  });

  it("accepts a rectifier, whose kinks spoil large steps", async () => {
    const relu = (a: number) => Math.max(0, a);
    expect(await check(relu, (a) => +(a > 0))).toMatchObject({ kind: "agrees" });
  });

  it("does not move rectified zeros, which sit on the kink of what reads them", async () => {
    // |a| has two slopes at 0; the rule's choice of 0 is neither.
    const activations = noise().map((a) => Math.max(0, a));
    expect(await check(Math.abs, Math.sign, { activations })).toMatchObject({ kind: "agrees" });
  });

  it("tells a layer that does not influence the score", async () => {
    expect(
      await check(
        () => 0,
        () => 0,
      ),
    ).toEqual({ kind: "no-influence" });
  });
});
