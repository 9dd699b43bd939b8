import { describe, expect, it } from "vitest";
import { presets } from "../../../shared/domain/preparation.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { fuseViews, seenMask, type View } from "./fusion.ts";
import { mirrored, mirroredInput, scaledPreparation } from "./views.ts";

const picture = { width: 4, height: 4 };
const whole = { x: 0, y: 0, width: 4, height: 4 };
const view = (values: readonly number[], seen = whole): View => ({
  h: 2,
  w: 2,
  maps: [Float32Array.from(values)],
  seen,
});
const close = (actual: ArrayLike<number>, wanted: ArrayLike<number>, digits = 6) =>
  Array.from(wanted).forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits));

describe("mirroring", () => {
  it("twice is the identity, of maps and of inputs in both layouts", () => {
    const values = seededNumbers(12, 1);
    expect(mirrored(mirrored(values, 3, 4), 3, 4)).toEqual(values);
    expect([...mirrored(Float32Array.of(1, 2, 3, 4), 2, 2)]).toEqual([2, 1, 4, 3]);
    for (const layout of ["NCHW", "NHWC"] as const) {
      const preparation = {
        preset: "unit" as const,
        ...presets.unit,
        geometry: { kind: "crop", resize: 5 } as const,
        resample: "area" as const,
        widthPx: 3,
        heightPx: 2,
        layout,
      };
      const input = seededNumbers(18, 2);
      const once = mirroredInput(input, preparation);
      expect(mirroredInput(once, preparation)).toEqual(input);
      // the pixel at the left end of the first row, channel 1, comes from the right end
      const [left, right] = layout === "NCHW" ? [6, 8] : [1, 7];
      expect(once[left]).toBe(input[right]);
    }
  });

  it("a scaled preparation rounds its sides and what it crops from", () => {
    const scaled = scaledPreparation(
      {
        preset: "unit",
        ...presets.unit,
        geometry: { kind: "crop", resize: 255 },
        resample: "area",
        widthPx: 225,
        heightPx: 201,
        layout: "NCHW",
      },
      0.5,
    );
    expect(scaled).toMatchObject({ widthPx: 113, heightPx: 101, geometry: { resize: 128 } });
  });
});

describe("fusion", () => {
  it("of four equal views is the map of one, over its maximum", () => {
    const one = fuseViews([view([0, 1, 2, 4])], picture);
    close(fuseViews(Array(4).fill(view([0, 1, 2, 4])), picture)[0], one[0], 4);
    // base-methods.md: half-pixel 2×2 → 4×4; its maximum is 4
    close(
      one[0].map((value) => value * (4 + 1e-5)),
      [
        ...[0, 0.25, 0.75, 1],
        ...[0.5, 0.8125, 1.4375, 1.75],
        ...[1.5, 1.9375, 2.8125, 3.25],
        ...[2, 2.5, 3.5, 4],
      ],
      4,
    );
  });

  it("cuts what speaks against a class before it adds", () => {
    const fused = fuseViews([view([-5, -5, -5, 1]), view([2, 0, 0, 0])], picture);
    expect(Math.min(...fused[0])).toBeGreaterThanOrEqual(0);
    expect(fused[0][0]).toBeGreaterThan(0.9);
  });

  it("puts a map where its input lay, and says what nobody saw", () => {
    const middle = { x: 1, y: 1, width: 2, height: 2 };
    const fused = fuseViews([view([1, 1, 1, 1], middle)], picture);
    const inside = [5, 6, 9, 10];
    fused[0].forEach((value, p) => expect(value > 0.99).toBe(inside.includes(p)));
    expect(
      [...seenMask([{ seen: middle }], picture).keys()].filter(
        (p) => seenMask([{ seen: middle }], picture)[p],
      ),
    ).toEqual(inside);
  });

  it("of a map that is nowhere positive is zero", () => {
    close(fuseViews([view([-1, 0, -2, 0])], picture)[0], Array(16).fill(0), 12);
  });
});
