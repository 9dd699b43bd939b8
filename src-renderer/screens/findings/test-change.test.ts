import { expect, it } from "vitest";
import type { RegionTest } from "../../../shared/domain/region-test.ts";
import { testChange } from "./test-change.ts";

function test(scoreBefore: number, scoreAfter: number, classAfter: number): RegionTest {
  const result = { scoreBefore, scoreAfter, classBefore: 0, classAfter };
  return { result } as RegionTest; // what is counted of it
}

it("counts changed answers and takes the median change", () => {
  expect(testChange([])).toBeNull();
  // −0.75, −0.25, +0.25: the middle one
  const odd = [test(1, 0.25, 1), test(0.5, 0.75, 0), test(0.75, 0.5, 0)];
  expect(testChange(odd)).toEqual({ median: -0.25, changed: 1, n: 3 });
  // with −0.5: half way between −0.5 and −0.25
  expect(testChange([...odd, test(1, 0.5, 1)])).toEqual({ median: -0.375, changed: 2, n: 4 });
});
