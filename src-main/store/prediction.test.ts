import { expect, it } from "vitest";
import { predict } from "./prediction.ts";

it("takes the largest logit with its softmax, and the lower index of two", () => {
  // e¹ / (e¹ + e² + e²)
  expect(predict(Float32Array.of(1, 2, 2), "none")).toEqual({
    class: 1,
    confidence: expect.closeTo(Math.E ** 2 / (Math.E + 2 * Math.E ** 2), 12),
  });
  expect(predict(Float32Array.of(1000, 999), "softmax")?.confidence).toBeCloseTo(
    1 / (1 + 1 / Math.E),
    12,
  ); // no overflow
});

it("takes the sigmoid where the file ended in one", () => {
  expect(predict(Float32Array.of(-1, Math.log(3)), "sigmoid")).toEqual({
    class: 1,
    confidence: expect.closeTo(0.75, 6),
  });
});

it("reads one logit as class 1 against class 0", () => {
  expect(predict(Float32Array.of(Math.log(4)), "sigmoid")).toEqual({
    class: 1,
    confidence: expect.closeTo(0.8, 6),
  });
  expect(predict(Float32Array.of(-Math.log(4)), "none")).toEqual({
    class: 0,
    confidence: expect.closeTo(0.8, 6),
  });
});

it("predicts nothing from what is no number", () => {
  expect(predict(Float32Array.of(1, NaN), "none")).toBeNull();
  expect(predict(new Float32Array(0), "none")).toBeNull();
});
