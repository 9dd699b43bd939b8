import { describe, expect, it } from "vitest";
import { isFiniteArray } from "./maps.ts";

describe("finite values", () => {
  it("finds one broken number at any place, and none in huge or negative ones", () => {
    for (const length of [1, 3, 4, 5, 9]) {
      for (let at = 0; at < length; at++) {
        for (const broken of [NaN, Infinity, -Infinity]) {
          const values = Float32Array.from({ length }, (_, i) => (i % 2 ? -3e38 : 3e38));
          expect(isFiniteArray(values)).toBe(true);
          values[at] = broken;
          expect(isFiniteArray(values)).toBe(false);
        }
      }
    }
    expect(isFiniteArray(new Float32Array(0))).toBe(true);
  });
});
