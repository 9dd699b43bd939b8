import { describe, expect, it } from "vitest";
import {
  areaShare,
  bandWeights,
  cornerWeights,
  excess,
  frameWeights,
  heatShare,
} from "./regions.ts";

describe("regions", () => {
  for (const [h, w] of [
    [7, 7],
    [10, 10],
    [13, 9],
    [1, 4],
  ])
    it(`cover their share of a ${h} × ${w} map, cells by fraction`, () => {
      expect(areaShare(frameWeights(h, w, 0.1))).toBeCloseTo(0.36, 6);
      for (const corner of cornerWeights(h, w, 0.15))
        expect(areaShare(corner)).toBeCloseTo(0.0225, 6);
    });

  it("cover 70 % of an edge cell of a 7 × 7 map with a 10 % frame, 56 % with an 8 % band", () => {
    expect(frameWeights(7, 7, 0.1)[3]).toBeCloseTo(0.7, 6);
    expect(bandWeights(7, 7, 0.08)[3]).toBeCloseTo(0.56, 6);
  });

  it("hold no heat beyond chance on an even map and all of it when all lies inside", () => {
    const even = new Float32Array(49).fill(2);
    const frame = frameWeights(7, 7, 0.1);
    expect(excess(heatShare(even, frame), areaShare(frame))).toBeCloseTo(0, 6);
    const [upperLeft] = cornerWeights(20, 20, 0.15);
    const heat = new Float32Array(400);
    heat[21] = 1;
    expect(excess(heatShare(heat, upperLeft), areaShare(upperLeft))).toBeCloseTo(1, 6);
  });
});
