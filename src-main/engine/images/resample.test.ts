import { describe, expect, it } from "vitest";
import type { Resample } from "../../../shared/domain/preparation.ts";
import { resample } from "./resample.ts";

/** One grey picture at another size. */
function scaled(
  kind: Resample,
  rows: readonly (readonly number[])[],
  width: number,
  height: number,
) {
  const picture = {
    widthPx: rows[0].length,
    heightPx: rows.length,
    channels: 1 as const,
    data: Uint8Array.from(rows.flat()),
  };
  const whole = { scaledWidth: width, scaledHeight: height, left: 0, top: 0, width, height };
  const out = resample(picture, kind, whole);
  return Array.from({ length: height }, (_, y) => [...out.subarray(y * width, (y + 1) * width)]);
}

describe("area", () => {
  it("means 2 × 2 blocks, across first, each pass rounded to a byte", () => {
    // across: (1 + 2) / 2 → 2, (3 + 4) / 2 → 4; down: (2 + 4) / 2 = 3, where the plain mean is 2.5
    expect(
      scaled(
        "area",
        [
          [1, 2],
          [3, 4],
        ],
        1,
        1,
      ),
    ).toEqual([[3]]);
  });

  it("shares a pixel between two boxes by what each takes of it", () => {
    // boxes of 1.5: (30 + 60 / 2) / 1.5 = 40 and (60 / 2 + 90) / 1.5 = 80
    expect(scaled("area", [[30, 60, 90]], 2, 1)).toEqual([[40, 80]]);
  });
});

describe("bilinear", () => {
  it("has half-pixel centres (the reference values of base-methods.md 0.3)", () => {
    expect(
      scaled(
        "bilinear",
        [
          [0, 1],
          [2, 4],
        ],
        4,
        4,
      ),
    ).toEqual([
      [0, 0.25, 0.75, 1],
      [0.5, 0.8125, 1.4375, 1.75],
      [1.5, 1.9375, 2.8125, 3.25],
      [2, 2.5, 3.5, 4],
    ]);
  });

  it("reads two pixels an axis and no more when it makes small", () => {
    // 8 → 2: centres at 1.5 and 5.5
    expect(scaled("bilinear", [[0, 10, 20, 30, 40, 50, 60, 70]], 2, 1)).toEqual([[15, 55]]);
  });
});

describe("bilinear-antialias", () => {
  it("widens its triangle by the scale, as Pillow", () => {
    // 4 → 2, scale 2, centre 1 of output 0: weights 1 − |x + 0.5 − 1| / 2 = 3, 3, 1 of 4, over their sum 7 / 4
    const row = [0, 70, 140, 210];
    const first = (3 * 0 + 3 * 70 + 1 * 140) / 7;
    const second = (1 * 70 + 3 * 140 + 3 * 210) / 7;
    expect(scaled("bilinear-antialias", [row], 2, 1)).toEqual([[first, second].map(Math.round)]);
  });

  it("is the plain kernel when it enlarges, in bytes", () => {
    expect(scaled("bilinear-antialias", [[0, 100]], 4, 1)).toEqual([[0, 25, 75, 100]]);
  });
});

describe.each(["area", "bilinear", "bilinear-antialias"] as const)("%s", (kind) => {
  it("leaves a picture of the wanted size alone", () => {
    const rows = [
      [3, 250, 7],
      [255, 0, 19],
    ];
    expect(scaled(kind, rows, 3, 2)).toEqual(rows);
  });

  it("keeps one grey whatever the sizes", () => {
    const rows = Array.from({ length: 7 }, () => new Array<number>(13).fill(201));
    for (const [width, height] of [
      [5, 3],
      [13, 2],
      [29, 11],
    ])
      for (const value of scaled(kind, rows, width, height).flat())
        expect(value).toBeCloseTo(201, 4);
  });

  it("gives a window the values that the whole has there", () => {
    const widthPx = 23;
    const heightPx = 17;
    const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, i) => (i * 97) % 256);
    const picture = { widthPx, heightPx, channels: 3 as const, data };
    const size = { scaledWidth: 11, scaledHeight: 9 };
    const whole = resample(picture, kind, { ...size, left: 0, top: 0, width: 11, height: 9 });
    const part = resample(picture, kind, { ...size, left: 3, top: 2, width: 5, height: 4 });
    for (let y = 0; y < 4; y++)
      for (let i = 0; i < 15; i++) expect(part[y * 15 + i]).toBe(whole[((y + 2) * 11 + 3) * 3 + i]);
  });
});
