import { describe, expect, it } from "vitest";
import { binsOf, digitsOf, medianOf } from "./histogram.ts";

describe("histograms of a run's metrics", () => {
  it("counts every value that is there, the largest in the last bin", () => {
    const bins = binsOf(new Float32Array([0, 0.5, 1, NaN, 1]), 4);
    expect(bins).toEqual({ low: 0, high: 1, counts: [1, 0, 1, 2], n: 4 });
  });

  it("ends at round numbers that hold every value", () => {
    const bins = binsOf(new Float32Array([0.3, 25.2]), 10);
    expect(bins?.low).toBe(0);
    expect(bins?.high).toBe(30);
    expect(bins?.counts.reduce((a, b) => a + b)).toBe(2);
  });

  it("copes with one value and with none", () => {
    expect(binsOf(new Float32Array([2, 2]), 3)?.counts.reduce((a, b) => a + b)).toBe(2);
    expect(binsOf(new Float32Array([NaN]), 3)).toBeNull();
    expect(medianOf(new Float32Array([NaN]))).toBeNull();
  });

  it("writes as many decimals as tell neighbouring bins apart", () => {
    expect(digitsOf({ low: 0.96, high: 1, counts: new Array<number>(8).fill(0), n: 1 }, 2)).toBe(3);
    expect(digitsOf({ low: 0, high: 25, counts: [1, 2], n: 3 }, 1)).toBe(1);
  });

  it("takes the mean of the two middle values when their number is even", () => {
    expect(medianOf(new Float32Array([4, 1, NaN, 2, 8]))).toBe(3);
    expect(medianOf(new Float32Array([4, 1, 8]))).toBe(4);
  });
});
