import { describe, expect, it } from "vitest";
import { blurCells, hottestCells, shiftInput, shiftMapBack } from "./perturbation.ts";

describe("changed copies of an input", () => {
  it("shifts both layouts alike and repeats edges", () => {
    // One row 1 2 3, moved right by one: 1 1 2. Two channels; the second is ten times the first.
    const nchw = { dims: [1, 2, 1, 3], data: Float32Array.of(1, 2, 3, 10, 20, 30) };
    const nhwc = { dims: [1, 1, 3, 2], data: Float32Array.of(1, 10, 2, 20, 3, 30) };
    expect([...shiftInput(nchw, "NCHW", 1, 0)]).toEqual([1, 1, 2, 10, 10, 20]);
    expect([...shiftInput(nhwc, "NHWC", 1, 0)]).toEqual([1, 10, 1, 10, 2, 20]);
  });

  it("moves a map back by fractions of a cell", () => {
    // A linear map is moved exactly; the last column repeats the edge.
    const map = Float32Array.of(0, 1, 2, 0, 1, 2);
    expect([...shiftMapBack(map, [2, 3], 0.25, 0)]).toEqual([0.25, 1.25, 2, 0.25, 1.25, 2]);
  });

  it("takes exactly the hottest share, also on a plateau of zeros", () => {
    const map = new Float32Array(100);
    map[42] = 1;
    expect(hottestCells(map, 0.15)).toHaveLength(15);
    expect(hottestCells(map, 0.15)[0]).toBe(42);
  });

  it("replaces the covered cells alone, and leaves a constant picture as it was", () => {
    const flat = { dims: [1, 1, 4, 4], data: new Float32Array(16).fill(3) };
    for (const value of blurCells(flat, "NCHW", [2, 2], [0])) expect(value).toBeCloseTo(3, 5);
    const spike = { dims: [1, 1, 4, 4], data: new Float32Array(16) };
    spike.data[0] = 8;
    spike.data[15] = 8;
    const covered = blurCells(spike, "NCHW", [2, 2], [0]);
    expect(covered[0]).toBeLessThan(4);
    expect(covered[15]).toBe(8);
  });
});
