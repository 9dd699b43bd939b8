import { describe, expect, it } from "vitest";
import { fitShape, moveShape, rectBetween } from "./region-shapes.ts";

const rect = { kind: "rect", x: 0.5, y: 0.25, w: 0.25, h: 0.5 } as const;
const triangle = { kind: "polygon", rings: [[0.5, 0.25, 0.75, 0.25, 0.5, 0.75]] } as const;

describe("a region", () => {
  it("moves as far as the picture's edge and keeps its size", () => {
    expect(moveShape(rect, 0.125, -0.125)).toEqual({ ...rect, x: 0.625, y: 0.125 });
    expect(moveShape(rect, 1, 1)).toEqual({ ...rect, x: 0.75, y: 0.5 });
    expect(moveShape(triangle, -1, 0)).toEqual({
      kind: "polygon",
      rings: [[0, 0.25, 0.25, 0.25, 0, 0.75]],
    });
  });

  it("changes size inside the picture, a polygon point by point, and never vanishes", () => {
    const least = { w: 0.0625, h: 0.0625 };
    expect(fitShape(rect, { x: 0.5, y: 0.25, w: 1, h: 0.5 }, least)).toEqual({ ...rect, w: 0.5 });
    expect(fitShape(rect, { x: 0.5, y: 0.25, w: -1, h: 0.5 }, least)).toEqual({
      ...rect,
      w: 0.0625,
    });
    expect(fitShape(triangle, { x: 0, y: 0.25, w: 0.5, h: 0.25 }, least)).toEqual({
      kind: "polygon",
      rings: [[0, 0.25, 0.5, 0.25, 0, 0.5]],
    });
  });

  it("is drawn from any corner to any other", () => {
    expect(rectBetween(0.75, 0.5, 0.25, 1.5)).toEqual({ x: 0.25, y: 0.5, w: 0.5, h: 0.5 });
  });
});
