import { expect, test } from "vitest";
import { propertyStrength } from "./property-strength.ts";

test("the class told best is named, with the darkest and the brightest item", () => {
  // b is above the rest in 3 of 3 pairs; c is under the rest in 3 of 3 as well, but met later.
  expect(propertyStrength([5, 9, 3, 4], ["a", "b", "c", "a"])).toEqual({
    area: 1,
    label: "b",
    isHigher: true,
    extremes: [2, 1],
  });
});

test("a class with the lower values is told as well: 3 of 4 pairs", () => {
  expect(propertyStrength([1, 3, 2, 4], ["x", "x", "y", "y"])).toMatchObject({
    area: 0.75,
    label: "x",
    isHigher: false,
  });
});

test("one class, or values not known, say nothing", () => {
  expect(propertyStrength([1, 2], ["x", "x"])).toBeNull();
  expect(propertyStrength([1, NaN], ["x", "y"])).toBeNull();
  expect(propertyStrength([], [])).toBeNull();
});
