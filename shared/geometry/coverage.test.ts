import { describe, expect, it } from "vitest";
import type { Shape } from "../domain/review.ts";
import { areaOfShape, isInShape, maskOfShape, maskOfShapes } from "./coverage.ts";
import { areaShareOf } from "./mask.ts";

const rect = (x: number, y: number, w: number, h: number): Shape => ({ kind: "rect", x, y, w, h });
const polygon = (...rings: readonly (readonly number[])[]): Shape => ({ kind: "polygon", rings });

/** A square with a square hole, both rings turning the same way. */
const frame = polygon([0, 0, 1, 0, 1, 1, 0, 1], [0.25, 0.25, 0.75, 0.25, 0.75, 0.75, 0.25, 0.75]);

describe("coverage of shapes", () => {
  it("counts a rectangle's edge pixels by the part it takes", () => {
    // 4 × 2 pixels; x from 0.5 to 2.25, y from 0 to 1
    const { data } = maskOfShape(rect(0.125, 0, 0.4375, 0.5), 4, 2);
    expect([...data]).toEqual([128, 255, 64, 0, 0, 0, 0, 0]); // 0.5, 1, 0.25 of 255
  });

  it("takes a rectangle drawn from its lower right corner", () => {
    expect(maskOfShape(rect(0.5, 1, -0.5, -1), 2, 1)).toEqual(
      maskOfShape(rect(0, 0, 0.5, 1), 2, 1),
    );
  });

  it("cuts off what lies beside the picture", () => {
    expect([...maskOfShape(rect(-1, -1, 1.5, 3), 2, 1).data]).toEqual([255, 0]);
  });

  it("leaves holes open whatever their direction", () => {
    const turned = polygon(
      [0, 0, 1, 0, 1, 1, 0, 1],
      [0.25, 0.75, 0.75, 0.75, 0.75, 0.25, 0.25, 0.25],
    );
    const rows = [255, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 255, 255, 255];
    expect([...maskOfShape(frame, 4, 4).data]).toEqual(rows);
    expect([...maskOfShape(turned, 4, 4).data]).toEqual(rows);
  });

  it("halves the pixels that a diagonal crosses", () => {
    const { data } = maskOfShape(polygon([0, 0, 1, 0, 0, 1]), 2, 2);
    // each of the two on the diagonal holds a triangle of half a pixel
    expect(data[0]).toBe(255);
    expect(Math.abs(data[1] - 127.5)).toBeLessThan(1);
    expect(Math.abs(data[2] - 127.5)).toBeLessThan(1);
    expect(data[3]).toBe(0);
  });

  it("has the area of a circle to a thousandth", () => {
    const ring = Array.from({ length: 360 }, (_, i) => {
      const angle = (i * Math.PI) / 180;
      return [0.5 + 0.4 * Math.cos(angle), 0.5 + 0.4 * Math.sin(angle)];
    }).flat();
    const share = areaShareOf(maskOfShape(polygon(ring), 97, 61));
    expect(Math.abs(share - Math.PI * 0.16)).toBeLessThan(1e-3);
  });

  it("counts what two shapes share once", () => {
    const both = maskOfShapes([rect(0, 0, 0.5, 1), rect(0.25, 0, 0.5, 1)], 4, 1);
    expect([...both.data]).toEqual([255, 255, 255, 0]);
  });
});

describe("points and areas", () => {
  it("know the hole from the rim", () => {
    expect(isInShape(frame, 0.1, 0.5)).toBe(true);
    expect(isInShape(frame, 0.5, 0.5)).toBe(false);
    expect(isInShape(rect(0.2, 0.2, 0.2, 0.2), 0.3, 0.39)).toBe(true);
    expect(isInShape(rect(0.2, 0.2, 0.2, 0.2), 0.41, 0.3)).toBe(false);
  });

  it("take holes from the area", () => {
    expect(areaOfShape(frame)).toBeCloseTo(0.75, 12);
    expect(areaOfShape(rect(0.9, 0.9, -0.5, -0.2))).toBeCloseTo(0.1, 12);
  });
});
