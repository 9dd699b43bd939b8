import { expect, it } from "vitest";
import { fromZero } from "./zero.ts";

it("takes the least off where zero means nothing, and leaves every other map as it is stored", () => {
  const map = Float32Array.of(3, 1, 2);
  expect([...fromZero(map, "none")]).toEqual([2, 0, 1]);
  expect([...map]).toEqual([3, 1, 2]);
  expect(fromZero(map, "natural")).toBe(map);
  expect(fromZero(map, "baseline")).toBe(map);
  expect(fromZero(null, "none")).toBeNull();
});
