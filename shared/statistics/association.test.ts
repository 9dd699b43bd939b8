import { expect, test } from "vitest";
import { auc } from "./auc.ts";
import { cramersV } from "./cramers-v.ts";

test("a value that orders the answers has an area of 1, turned round 0", () => {
  expect(auc([1, 2, 3, 4], [false, false, true, true])).toBe(1);
  expect(auc([4, 3, 2, 1], [false, false, true, true])).toBe(0);
});

test("ties count half: pairs (2,1) (2,2) (3,1) (3,2) win 1 + ½ + 1 + 1 of 4", () => {
  expect(auc([3, 1, 2, 2], [true, false, true, false])).toBe(0.875);
});

test("unknown values are left out, one-sided answers have no area", () => {
  expect(auc([1, NaN, 2], [false, false, true])).toBe(1);
  expect(auc([1, 2], [true, true])).toBeNaN();
});

test("a site that tells the class has V = 1, one that does not 0", () => {
  expect(cramersV(["a", "a", "b", "b"], ["x", "x", "y", "y"])).toBe(1);
  expect(cramersV(["a", "a", "b", "b"], ["x", "y", "x", "y"])).toBe(0);
});

test("3 of 4 against 1 of 4: expected 2 in each cell, χ² = 2, V = √(2/8) = ½", () => {
  expect(cramersV([..."aaaabbbb"], [..."xxxyxyyy"])).toBeCloseTo(0.5, 12);
});

test("one value alone has no V", () => {
  expect(cramersV(["a", "a"], ["x", "y"])).toBeNaN();
});
