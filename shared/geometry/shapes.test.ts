import { describe, expect, it } from "vitest";
import { clipToPicture, intersectionOf } from "./box.ts";
import { resizeMask, turnMask } from "./mask.ts";
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
