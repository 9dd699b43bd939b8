import { describe, expect, it } from "vitest";
import { clipToPicture, intersectionOf } from "./box.ts";
import { resizeMask } from "./mask.ts";
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
