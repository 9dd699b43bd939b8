import { describe, expect, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";
import {
  averagePoolCases,
  dilatedAveragePool,
  maxPoolCases,
  otherPoolCases,
} from "../../../../test/support/operator-cases/pooling.ts";

describe("AveragePool on TensorFlow.js", () => {
  it.each([...averagePoolCases, dilatedAveragePool])("$name", (given) => expectWitness(given));
});

describe("MaxPool on TensorFlow.js", () => {
  it.each(maxPoolCases)("$name", (given) => expectWitness(given));

  it("gives the gradient of equal maxima to the first", () =>
    expectWitness({
      graph: "x: f32[1, 1, 3, 3]\ny = MaxPool(x) { kernel_shape: [2, 2] }",
      to: "x",
      feeds: { x: [5, 5, 5, 5, 5, 5, 5, 5, 5] },
    }));

  it("refuses to say where its maxima were", async () => {
    const graph = "x: f32[1, 1, 4, 4]\na, y = MaxPool(x) { kernel_shape: [2, 2] }";
    await expect(expectWitness({ graph })).rejects.toMatchObject({
      code: "tensorflow/no-kernel",
      details: { op: "MaxPool with Indices", node: "a" },
    });
  });
});

describe("other pooling on TensorFlow.js", () => {
  it.each(otherPoolCases)("$name", (given) => expectWitness(given));
});
