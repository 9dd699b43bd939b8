import { expect, it } from "vitest";
import { areaShare } from "./area-share.ts";

it("measures rectangles and polygons less their holes", () => {
  expect(areaShare({ kind: "rect", x: 0.1, y: 0.2, w: 0.5, h: 0.4 })).toBeCloseTo(0.2, 12);
  const square = [0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.1, 0.9];
  const hole = [0.3, 0.3, 0.3, 0.7, 0.7, 0.7, 0.7, 0.3]; // turned the other way
  expect(areaShare({ kind: "polygon", rings: [square, hole] })).toBeCloseTo(0.64 - 0.16, 12);
});

it("counts only what lies on the picture", () => {
  expect(areaShare({ kind: "rect", x: -0.5, y: 0.5, w: 1, h: 1 })).toBeCloseTo(0.25, 12);
  expect(areaShare({ kind: "rect", x: 1.2, y: 0, w: 0.5, h: 0.5 })).toBe(0);
  // the diamond |x| + |y| ≤ 1 around the corner: a triangle of half a unit square is on the picture
  expect(areaShare({ kind: "polygon", rings: [[0, -1, 1, 0, 0, 1, -1, 0]] })).toBeCloseTo(0.5, 12);
  expect(areaShare({ kind: "polygon", rings: [[2, 2, 3, 2, 3, 3]] })).toBe(0);
});

it("measures ellipses, and half of one that stands half beside the picture", () => {
  const area = (Math.PI / 4) * 0.4 * 0.2;
  expect(areaShare({ kind: "ellipse", x: 0.3, y: 0.3, w: 0.4, h: 0.2 })).toBeCloseTo(area, 5);
  expect(areaShare({ kind: "ellipse", x: -0.2, y: 0.3, w: 0.4, h: 0.2 })).toBeCloseTo(area / 2, 5);
});
