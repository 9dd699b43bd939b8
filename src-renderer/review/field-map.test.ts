import { describe, expect, it } from "vitest";
import type { Run } from "../../shared/contract/audits.ts";
import { fieldInView, fieldMap } from "./field-map.ts";

const axis = { inputPx: 64, jumpPx: 32, sizePx: 99, centrePx: 0, sigmaPx: 20 };
const field = { isDerived: true, down: axis, across: axis };
const tap = {
  name: "a",
  grid: [8, 2, 2],
  layout: "channels-first",
  prefixTokens: 0,
  isDefault: true,
  isScaleFree: false,
  reason: "pooling-input",
  receptiveField: field,
} as const;
const run = { method: "cam", tap } as unknown as Run; // of a run only method and tap are read
const smooth = { isSmooth: true, isGaussian: false };
const map = { values: Float32Array.of(0, 1, 2, 4), height: 2, width: 2, rawMin: 0, rawMax: 4 };

describe("maps drawn over what their cells see", () => {
  it("are those that the view asks for, and those of a method that is drawn so", () => {
    expect(fieldInView(smooth, run)).toBeNull();
    expect(fieldInView({ ...smooth, isGaussian: true }, run)).toBe(field);
    const extended = { ...run, method: "extended-cam" as const };
    expect(fieldInView(smooth, extended)).toBe(field);
    expect(fieldInView({ isSmooth: false, isGaussian: false }, extended)).toBeNull();
  });

  it("are none where a run does not know what its cells see", () => {
    const old: Run = { ...run, tap: { ...tap, grid: [8, 2, 2], receptiveField: undefined } };
    expect(fieldInView({ ...smooth, isGaussian: true }, old)).toBeNull();
    expect(fieldInView({ ...smooth, isGaussian: true }, null)).toBeNull();
  });

  it("are made once per map, keep their raw ends, and tell the first cell at the picture's edge", () => {
    const drawn = fieldMap(map, field);
    expect(fieldMap(map, field)).toBe(drawn);
    expect(drawn).toMatchObject({ height: 16, width: 16, rawMin: 0, rawMax: 4 });
    // centres at 0 and 32 of 64: the lower right corner belongs to the last cell, the middle is no longer between all four
    expect(drawn.values[255]).toBeGreaterThan(3);
    expect(drawn.values[8 * 16 + 8]).toBeGreaterThan((0 + 1 + 2 + 4) / 4);
  });
});
