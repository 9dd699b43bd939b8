import { describe, expect, it } from "vitest";
import type { FieldAxis } from "../domain/receptive-field.ts";
import { enlargeSmooth } from "./enlarge.ts";
import { enlargeGaussian, gaussianWeights, type GaussianNorm } from "./gaussian-enlarge.ts";

/** extended-cam.md 5.1: 2×2 cells on 4×4 pixels, jump 2, centres 0.5 and 2.5, σ = 1. */
const hand: FieldAxis = { inputPx: 4, jumpPx: 2, sizePx: 3, centrePx: 0.5, sigmaPx: 1 };
const handField = { down: hand, across: hand };
const one = { values: [1, 0, 0, 0], height: 2, width: 2 };

/** ResNet on 224 pixels: 7×7 cells, centres at 0, 32, …; VGG: 14×14, centres where halves of cells are. */
const resnet: FieldAxis = { inputPx: 224, jumpPx: 32, sizePx: 427, centrePx: 0, sigmaPx: 36.2 };
const vgg: FieldAxis = { inputPx: 224, jumpPx: 16, sizePx: 196, centrePx: 7.5, sigmaPx: 26.5 };

function column(norm: GaussianNorm, cell: number): number[] {
  return [...gaussianWeights(2, 4, hand, norm)].filter((_, at) => at % 2 === cell);
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

function seeded(length: number): number[] {
  return Array.from({ length }, (_, i) => Math.sin(12.9898 * i) * 2);
}

describe("Gaussian enlargement", () => {
  it("has the weights of the hand case", () => {
    [0.8825, 0.8825, 0.3247, 0.0439].forEach((value, i) =>
      expect(column("raw", 0)[i]).toBeCloseTo(value, 4),
    );
    [0.4136, 0.4136, 0.1522, 0.0206].forEach((value, i) =>
      expect(column("mass", 0)[i]).toBeCloseTo(value, 4),
    );
    [0.9526, 0.7311, 0.2689, 0.0474].forEach((value, i) =>
      expect(column("partition", 0)[i]).toBeCloseTo(value, 4),
    );
  });

  it("spreads one cell of the hand case over its row, in all 1", () => {
    const drawn = enlargeGaussian(one, 4, 4, handField, "mass");
    [0.1711, 0.1711, 0.0629, 0.0085].forEach((value, i) => expect(drawn[i]).toBeCloseTo(value, 4));
    expect(sum(drawn)).toBeCloseTo(1, 6);
  });

  it("adds up to the cells by mass, whatever lies beyond the border", () => {
    const map = { values: seeded(49), height: 7, width: 7 };
    const drawn = enlargeGaussian(map, 224, 224, { down: resnet, across: resnet }, "mass");
    expect(sum(drawn)).toBeCloseTo(sum(map.values), 3);
  });

  it("keeps a constant map constant by partition, and not otherwise", () => {
    const map = { values: new Array<number>(49).fill(3), height: 7, width: 7 };
    const field = { down: resnet, across: resnet };
    for (const value of enlargeGaussian(map, 56, 56, field)) expect(value).toBeCloseTo(3, 5);
    // extended-cam.md 2.3, one axis: first and last edge against the centre
    const along = (norm: GaussianNorm) => {
      const weights = gaussianWeights(7, 224, resnet, norm);
      const at = (pixel: number) => sum(weights.subarray(pixel * 7, pixel * 7 + 7));
      return [at(0) / at(111), at(223) / at(111)];
    };
    const expected = { raw: [0.68, 0.34], mass: [1.05, 0.38] }; // to two digits
    for (const norm of ["raw", "mass"] as const)
      expected[norm].forEach((value, i) =>
        expect(Math.abs((along(norm)[i] ?? NaN) - value), norm).toBeLessThan(0.0055),
      );
  });

  it("is linear: each channel enlarged and weighted is the weighted sum enlarged", () => {
    const [a, b] = [seeded(49), seeded(98).slice(49)];
    const field = { down: resnet, across: vgg };
    const enlarged = (values: readonly number[]) =>
      enlargeGaussian({ values, height: 7, width: 7 }, 20, 20, field);
    const [first, second] = [enlarged(a), enlarged(b)];
    enlarged(a.map((value, i) => 2 * value - 3 * (b[i] ?? 0))).forEach((value, i) =>
      expect(value).toBeCloseTo(2 * (first[i] ?? 0) - 3 * (second[i] ?? 0), 5),
    );
  });

  it("tends to the nearest cell as σ shrinks", () => {
    const axis = { ...vgg, sigmaPx: 0.1 * vgg.jumpPx };
    const map = { values: seeded(196), height: 14, width: 14 };
    const drawn = enlargeGaussian(map, 224, 224, { down: axis, across: axis });
    for (let i = 0; i < 14; i++)
      for (let j = 0; j < 14; j++) {
        const [y, x] = [7 + 16 * i, 7 + 16 * j]; // half a pixel from the centre of the cell
        expect(drawn[y * 224 + x]).toBeCloseTo(map.values[i * 14 + j] ?? NaN, 5);
      }
    const needle = { ...vgg, sigmaPx: 1e-3 };
    const nearest = enlargeGaussian(map, 224, 224, { down: needle, across: needle });
    expect(nearest.every(Number.isFinite)).toBe(true);
    expect(nearest[3 * 224 + 220]).toBeCloseTo(map.values[13] ?? NaN, 5);
  });

  it("moves by one jump when the map moves by one cell, away from borders", () => {
    const axis = { ...vgg, sigmaPx: 8 };
    const spot = (cell: number) => ({
      values: Array.from({ length: 196 }, (_, i) => Number(i === 7 * 14 + cell)),
      height: 14,
      width: 14,
    });
    const field = { down: axis, across: axis };
    const [here, there] = [6, 7].map((cell) => enlargeGaussian(spot(cell), 224, 224, field));
    for (let y = 80; y < 160; y++)
      for (let x = 64; x < 144; x++)
        expect(there?.[y * 224 + x + 16]).toBeCloseTo(here?.[y * 224 + x] ?? NaN, 6);
  });

  it("peaks where bilinear does to within a jump, where centres agree", () => {
    const map = { values: seeded(196).map(Math.abs), height: 14, width: 14 };
    map.values[5 * 14 + 9] = 30;
    const peak = (values: Float32Array) => values.indexOf(values.reduce((a, b) => Math.max(a, b)));
    const gaussian = peak(enlargeGaussian(map, 224, 224, { down: vgg, across: vgg }));
    const bilinear = peak(enlargeSmooth(map.values, 14, 14, 224, 224));
    const apart = (by: (at: number) => number) => Math.abs(by(gaussian) - by(bilinear));
    expect(apart((at) => at % 224)).toBeLessThanOrEqual(16);
    expect(apart((at) => Math.floor(at / 224))).toBeLessThanOrEqual(16);
  });

  it("covers the same picture at any number of pixels", () => {
    const map = { values: seeded(49), height: 7, width: 7 };
    const field = { down: resnet, across: resnet };
    const fine = enlargeGaussian(map, 224, 224, field);
    const coarse = enlargeGaussian(map, 32, 32, field); // its pixel 5 covers 35 to 41
    const around = (fine[38 * 224 + 38] ?? 0) + (fine[39 * 224 + 39] ?? 0);
    expect(coarse[5 * 32 + 5]).toBeCloseTo(around / 2, 2);
  });
});
