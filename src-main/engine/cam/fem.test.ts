import { describe, expect, it } from "vitest";
import { featureMasks } from "./fem.ts";

// base-methods.md, section 5
const activations = Float32Array.of(1, 2, 3, 4, 4, 0, 0, 2, 0, 1, 1, 0);

describe("FEM", () => {
  it("gives the golden map of the paper's form at m = 0.5", () => {
    expect([...featureMasks(activations, 3, 0.5)]).toEqual([1.5, 0.5, 0.5, 2.5]);
  });

  it("gives zeros at m = 2 on four positions, where no value can lie √3 deviations out", () => {
    expect([...featureMasks(activations, 3, 2)]).toEqual([0, 0, 0, 0]);
  });

  it("fires at one hot cell of six, whose deviation is √5 > 2", () => {
    const hot = Float32Array.of(0, 0, 6, 0, 0, 0);
    expect([...featureMasks(hot, 1, 2)]).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it("is not fired by a constant channel, whatever its mean rounds to", () => {
    expect([...featureMasks(new Float32Array(9).fill(0.1), 1, 0)]).toEqual(Array(9).fill(0));
  });
});
