import { describe, expect, it } from "vitest";
import { wilcoxon } from "./wilcoxon.ts";

describe("Wilcoxon's signed ranks", () => {
  it("give Darwin's maize p = 0.04126, from all 2¹⁵ arrangements", () => {
    // Fisher, The Design of Experiments: 15 pairs, W = 24.
    const maize = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
    expect(wilcoxon(maize)).toBeCloseTo(0.041259765625, 12);
  });

  it("of n differences of one sign give 2 / 2ⁿ, and 1 when they balance", () => {
    expect(wilcoxon([1, 2, 3, 4, 5])).toBeCloseTo(2 / 32, 12);
    expect(wilcoxon([1, -1, 2, -2])).toBe(1);
    expect(wilcoxon([3, 3, 3])).toBeCloseTo(2 / 8, 12); // ties
  });

  it("leave zeros out; of nothing there is no p", () => {
    expect(wilcoxon([0, 0, 1, 2, 3, 4, 5])).toBeCloseTo(2 / 32, 12);
    expect(wilcoxon([0, 0])).toBeNull();
    expect(wilcoxon([])).toBeNull();
  });

  it("of 60 differences come near the exact p, 0.016137 by counting with whole numbers", () => {
    const values = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (i + 1));
    expect(Math.abs((wilcoxon(values) ?? NaN) - 0.016137)).toBeLessThan(1e-3);
  });
});
