import { describe, expect, it } from "vitest";
import { clipToPicture, intersectionOf } from "./box.ts";
import { resizeMask, turnMask } from "./mask.ts";
import { areaOfShape, coverageOf, isInShape } from "./coverage.ts";
import { boundsOf } from "./polygon.ts";

describe("boxes", () => {
  it("share what both cover, and touch without sharing", () => {
    const a = { x: 0, y: 0, w: 0.5, h: 0.5 };
    expect(intersectionOf(a, { x: 0.25, y: 0.25, w: 0.5, h: 0.5 })).toEqual({
      x: 0.25,
      y: 0.25,
      w: 0.25,
      h: 0.25,
    });
    expect(intersectionOf(a, { x: 0.5, y: 0, w: 0.5, h: 0.5 })).toBeNull();
  });

  it("end at the picture's edge", () => {
    expect(clipToPicture({ x: -0.5, y: 0.5, w: 1, h: 1 })).toEqual({
      x: 0,
      y: 0.5,
      w: 0.5,
      h: 0.5,
    });
    expect(clipToPicture({ x: 1.5, y: 0, w: 1, h: 1 })).toBeNull();
  });

  it("surround polygons", () => {
    expect(boundsOf({ rings: [[0.5, 0.25, 0.75, 0.5, 0.25, 0.75]] })).toEqual({
      x: 0.25,
      y: 0.25,
      w: 0.5,
      h: 0.5,
    });
    expect(boundsOf({ rings: [] })).toBeNull();
  });
});

it("a mask of another size is read at its nearest pixels", () => {
  const mask = { width: 2, height: 1, data: Uint8Array.of(255, 0) };
  expect([...resizeMask(mask, 5, 2).data]).toEqual([255, 255, 0, 0, 0, 255, 255, 0, 0, 0]);
});

it("a mask turns as EXIF turns its picture", () => {
  const mask = { width: 3, height: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  // shown upright, 2 wide and 3 high: the definitions of the EXIF standard, by hand
  expect([...turnMask(mask, 5).data]).toEqual([1, 4, 2, 5, 3, 6]);
  expect([...turnMask(mask, 6).data]).toEqual([4, 1, 5, 2, 6, 3]);
  expect([...turnMask(mask, 7).data]).toEqual([6, 3, 5, 2, 4, 1]);
  expect([...turnMask(mask, 8).data]).toEqual([3, 6, 2, 5, 1, 4]);
});

describe("ellipses", () => {
  const ellipse = { kind: "ellipse", x: 0.25, y: 0.1, w: 0.5, h: 0.8 } as const;

  it("cover π/4 of their box", () => {
    const area = (Math.PI / 4) * 0.5 * 0.8;
    expect(areaOfShape(ellipse)).toBeCloseTo(area, 12);
    const cover = coverageOf(ellipse, 40, 30);
    expect(cover.reduce((sum, share) => sum + share, 0) / 1200).toBeCloseTo(area, 3);
  });

  it("hold what lies within both axes at once", () => {
    // (0.45, 0.3) of the half axes (0.25, 0.4) away from the centre: 0.04 + 0.25 < 1
    expect(isInShape(ellipse, 0.45, 0.3)).toBe(true);
    // a corner of the box: 1 + 1 > 1
    expect(isInShape(ellipse, 0.26, 0.11)).toBe(false);
  });

  it("cover the middle pixel whole and a corner pixel of their box not at all", () => {
    const cover = coverageOf({ kind: "ellipse", x: 0, y: 0, w: 1, h: 1 }, 9, 9);
    expect(cover[4 * 9 + 4]).toBe(1);
    expect(cover[0]).toBe(0);
  });
});
