import { describe, expect, it } from "vitest";
import { paneRanges } from "./pane-ranges.ts";

const panes = [
  { rawMax: 6, rawP99: 4 },
  { rawMax: 0.5, rawP99: 0.25 },
  { rawMax: -1, rawP99: 0 },
];

describe("the scale of panes side by side", () => {
  it("ends at the same multiple of each map's 99th percentile when locked", () => {
    // 6 / 4 = 1.5 and 0.5 / 0.25 = 2: all end at twice their own.
    expect(paneRanges(panes, "locked")).toEqual([
      { range: { low: 0, high: 8 }, multiple: 2 },
      { range: { low: 0, high: 0.5 }, multiple: 2 },
      { range: { low: 0, high: 0 }, multiple: 2 },
    ]);
  });

  it("ends at each map's own maximum when it is not", () => {
    expect(paneRanges(panes, "own").map(({ range }) => range.high)).toEqual([6, 0.5, 0]);
    expect(paneRanges(panes, "own").every(({ multiple }) => multiple === null)).toBe(true);
  });
});
