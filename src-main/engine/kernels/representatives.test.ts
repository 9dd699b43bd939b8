import { describe, expect, it } from "vitest";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { representativesOf } from "./representatives.ts";

describe("representative classes", () => {
  it("are one for each direction that rivals lie in, the nearest to the target first", () => {
    // Class 0 looks right; 1 and 2 nearly so, 3 and 4 up, 5 and 6 down. Means are 0.
    const rows = [4, 0, 4, 0.5, 4, -0.5, -6, 5, -6, 5.4, 0, -5, 0, -5.4].map((value) => value);
    const found = representativesOf(rows, 7, 0, 3);
    expect(found.map(({ index }) => (index - 1) >> 1).sort()).toEqual([0, 1, 2]);
    expect(found[0].index).toBeLessThan(3);
    expect(found.map(({ size }) => size)).toEqual([2, 2, 2]);
  });

  it("are the other class alone where there are two, and never the target", () => {
    expect(representativesOf([1, 2, 3, 4], 2, 1, 5)).toEqual([{ index: 0, size: 1 }]);
    const rows = seededNumbers(12 * 5, 3);
    for (let target = 0; target < 12; target++) {
      const indices = representativesOf(rows, 12, target, 5).map(({ index }) => index);
      expect(indices).not.toContain(target);
      expect(new Set(indices).size).toBe(indices.length);
      expect(indices.length).toBe(5);
    }
  });

  it("stand for every rival once", () => {
    const found = representativesOf(seededNumbers(40 * 8, 4), 40, 7, 5);
    expect(found.reduce((sum, { size }) => sum + size, 0)).toBe(39);
  });

  it("do not change when one vector is added to all rows", () => {
    const [classes, d] = [20, 6];
    const rows = seededNumbers(classes * d, 5);
    const added = seededNumbers(d, 6);
    const moved = rows.map((value, i) => value + 3 * added[i % d]);
    for (const target of [0, 9, 19])
      expect(representativesOf(moved, classes, target, 5)).toEqual(
        representativesOf(rows, classes, target, 5),
      );
  });

  it("leave out classes whose rows are the target's", () => {
    const rows = [1, 0, 1, 0, 0, 1, -2, -1];
    expect(
      representativesOf(rows, 4, 0, 5)
        .map(({ index }) => index)
        .sort(),
    ).toEqual([2, 3]);
  });
});
