import { expect, it } from "vitest";
import { normalsFrom } from "./noise.ts";

it("draws numbers of mean 0, variance 1 and kurtosis 3", () => {
  const normal = normalsFrom(5);
  const drawn = Array.from({ length: 40_000 }, normal);
  const moment = (power: number) => drawn.reduce((sum, x) => sum + x ** power, 0) / drawn.length;
  // standard errors: 0.005, 0.007, 0.05
  expect(Math.abs(moment(1))).toBeLessThan(0.02);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2);
});

it("draws the same numbers for the same seed and others for another", () => {
  const draw = (seed: number) => Array.from({ length: 5 }, normalsFrom(seed));
  expect(draw(9)).toEqual(draw(9));
  expect(draw(9)).not.toEqual(draw(10));
});
