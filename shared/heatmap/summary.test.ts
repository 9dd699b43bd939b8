import { describe, expect, it } from "vitest";
import { percent, sectors, summarise } from "./summary.ts";

describe("the summary of a map", () => {
  it("names the strongest of nine sectors, what its hot cells hold, and the edge", () => {
    // 10 × 10: 46 of 100 in four cells upper left, the rest even along the lower edge
    const values = new Float32Array(100);
    for (const cell of [11, 12, 21, 22]) values[cell] = 11.5;
    for (let x = 0; x < 10; x++) values[90 + x] = 5.4;
    const words = summarise({ values, height: 10, width: 10, insideEnergy: 0.12 });
    expect(words).toBe(
      "Heat strongest upper left: 46 % of heat in 4 % of the area. 12 % inside the evidence. Edge share 54 %.",
    );
  });

  it("has no line on evidence where there is none", () => {
    const words = summarise({ values: [0, 0, 0, 0, 1, 0, 0, 0, 0], height: 3, width: 3 });
    expect(words).toBe(
      "Heat strongest in the centre: 100 % of heat in 11 % of the area. Edge share 0 %.",
    );
  });

  it("rounds nothing away: under 1 and over 99 are said so", () => {
    expect([0, 0.001, 0.5, 0.998, 1].map(percent)).toEqual([
      "0",
      "under 1",
      "50",
      "over 99",
      "100",
    ]);
  });

  it("says so when a map has no heat", () => {
    expect(summarise({ values: [-1, 0, 0, -2], height: 2, width: 2 })).toBe(
      "The map has no positive heat.",
    );
  });

  it("splits cells that lie across two sectors by their area", () => {
    // 2 × 2: the upper left quarter reaches 1/3 + 1/6 into each direction: 4/9, 2/9, 2/9, 1/9
    const shares = sectors([1, 0, 0, 0], 2, 2);
    [4 / 9, 2 / 9, 0, 2 / 9, 1 / 9, 0, 0, 0, 0].forEach((share, i) =>
      expect(shares[i]).toBeCloseTo(share, 6),
    );
  });
});
