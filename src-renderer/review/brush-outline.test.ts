import { describe, expect, it } from "vitest";
import { areaOfPolygon, boundsOf, isInPolygon } from "../../shared/geometry/polygon.ts";
import { outlinesOf } from "./brush-outline.ts";

const picture = { width: 400, height: 200 };
/** Area in pixels of the picture. */
const areaPx = (polygon: { rings: readonly (readonly number[])[] }) =>
  areaOfPolygon(polygon) * picture.width * picture.height;

describe("what a brush covers", () => {
  it("is a disc under one touch", () => {
    const [disc, ...more] = outlinesOf([{ points: [0.5, 0.5], radiusPx: 20 }], picture);
    expect(more).toEqual([]);
    expect(disc.rings).toHaveLength(1);
    expect(areaPx(disc) / (Math.PI * 400)).toBeCloseTo(1, 1);
    // wider than high in fractions, since the picture is twice as wide as high
    const { w, h } = boundsOf(disc) ?? { w: 0, h: 0 };
    expect(w * 400).toBeCloseTo(40, -0.5);
    expect(h * 200).toBeCloseTo(40, -0.5);
  });

  it("is a lane with round ends under a pull, whichever way it turns back on itself", () => {
    const there = { points: [0.25, 0.5, 0.75, 0.5], radiusPx: 10 };
    const back = { points: [0.75, 0.5, 0.25, 0.5, 0.75, 0.5], radiusPx: 10 };
    for (const stroke of [there, back]) {
      const [lane, ...more] = outlinesOf([stroke], picture);
      expect(more).toEqual([]);
      expect(areaPx(lane) / (200 * 20 + Math.PI * 100)).toBeCloseTo(1, 1);
      expect(lane.rings[0].length).toBeLessThan(200);
    }
  });

  it("keeps the hole that a round pull leaves open", () => {
    const points = Array.from({ length: 65 }, (_, i) => [
      0.5 + 0.15 * Math.cos((2 * Math.PI * i) / 64),
      0.5 + 0.3 * Math.sin((2 * Math.PI * i) / 64),
    ]).flat();
    const [ring, ...more] = outlinesOf([{ points, radiusPx: 10 }], picture);
    expect(more).toEqual([]);
    expect(ring.rings).toHaveLength(2);
    expect(isInPolygon(ring, 0.5, 0.5)).toBe(false);
    expect(isInPolygon(ring, 0.65, 0.5)).toBe(true);
    expect(areaPx(ring) / (2 * Math.PI * 60 * 20)).toBeCloseTo(1, 1);
  });

  it("is two regions where strokes do not meet, one where they do", () => {
    const left = { points: [0.2, 0.5], radiusPx: 10 };
    const right = { points: [0.8, 0.5], radiusPx: 10 };
    expect(outlinesOf([left, right], picture)).toHaveLength(2);
    const bridge = { points: [0.2, 0.5, 0.8, 0.5], radiusPx: 4 };
    expect(outlinesOf([left, right, bridge], picture)).toHaveLength(1);
  });

  it("ends at the picture's edge", () => {
    const [half] = outlinesOf([{ points: [0, 0.5], radiusPx: 30 }], picture);
    expect(areaPx(half) / ((Math.PI * 900) / 2)).toBeCloseTo(1, 1);
    expect(outlinesOf([], picture)).toEqual([]);
  });
});
