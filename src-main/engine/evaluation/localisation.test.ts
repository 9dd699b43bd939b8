import { describe, expect, it } from "vitest";
import { boxCurve, boxIouAt } from "./box-curve.ts";
import { boxIou, componentsOf } from "./components.ts";
import { energy } from "./energy.ts";
import { groundTruth, tolerancePx, widened } from "./ground-truth.ts";
import { iouAt, iouCurve, thresholds } from "./iou-curve.ts";
import { pixelAuc } from "./pixel-auc.ts";
import { pointingGame } from "./pointing-game.ts";
import { rankAccuracy } from "./rank-accuracy.ts";
import { ranked, tiePermutation } from "./ranks.ts";

const hottest = (map: Float32Array) => ranked(map, tiePermutation(map.length, 1), "hottest");

describe("ground truth", () => {
  it("is what lies at least half inside; nothing of it is no truth, and no hit", () => {
    const truth = groundTruth(Float32Array.of(0.5, 0.49, 1, 0), [2, 2]);
    expect([...(truth?.mask ?? [])]).toEqual([1, 0, 1, 0]);
    expect(truth?.area).toBe(2);
    expect(groundTruth(new Float32Array(4), [2, 2])).toBeNull();
  });

  it("has a box of its own for each drawn one that was not cropped away", () => {
    const [a, b] = [Float32Array.of(1, 1, 0, 0), Float32Array.of(0, 1, 1, 0)];
    const both = Float32Array.of(1, 1, 1, 0);
    const truth = groundTruth(both, [1, 4], [a, b, new Float32Array(4)]);
    expect(truth?.boxes).toEqual([
      { left: 0, top: 0, right: 2, bottom: 1 },
      { left: 1, top: 0, right: 3, bottom: 1 },
    ]);
    expect(groundTruth(both, [1, 4])?.boxes).toEqual([{ left: 0, top: 0, right: 3, bottom: 1 }]);
  });

  it("is widened by a disc, 15 pixels at 224", () => {
    expect(tolerancePx([224, 224])).toBe(15);
    expect(tolerancePx([448, 448])).toBe(30);
    const point = new Uint8Array(49);
    point[24] = 1;
    const disc = widened(point, [7, 7], 2);
    // All (dx, dy) with dx² + dy² ≤ 4: 13 pixels.
    expect(disc.reduce((sum, value) => sum + value, 0)).toBe(13);
    // A filled square grows as its border alone would.
    const square = Uint8Array.from({ length: 81 }, (_, i) =>
      Math.abs((i % 9) - 4) < 2 && Math.abs(Math.floor(i / 9) - 4) < 2 ? 1 : 0,
    );
    const grown = widened(square, [9, 9], 1.5);
    expect(grown.reduce((sum, value) => sum + value, 0)).toBe(25);
  });
});

describe("pointing game", () => {
  it("counts the share of equal maxima that hit: a flat map hits by the area alone", () => {
    const near = Uint8Array.of(1, 0, 0, 0);
    expect(pointingGame(Float32Array.of(1, 0, 0, 0), near)).toBe(1);
    expect(pointingGame(Float32Array.of(1, 0, 0, 1), near)).toBe(0.5);
    expect(pointingGame(new Float32Array(4).fill(1), near)).toBe(0.25);
  });
});

describe("energy", () => {
  it("of a hand case, and its lift over the area", () => {
    const found = energy(Float32Array.of(0, 1, 3, 0), Uint8Array.of(0, 0, 1, 0));
    expect(found).toEqual({ energy: 0.75, lift: 3 });
  });

  it("lifts by 1 of an even map and of a mask that covers everything", () => {
    const even = new Float32Array(16).fill(0.3);
    const mask = Uint8Array.from({ length: 16 }, (_, i) => (i < 5 ? 1 : 0));
    expect(energy(even, mask).lift).toBeCloseTo(1, 6);
    const map = Float32Array.from({ length: 16 }, (_, i) => i);
    const all = new Uint8Array(16).fill(1);
    expect(energy(map, all)).toEqual({ energy: 1, lift: 1 });
    expect(pointingGame(map, all)).toBe(1);
  });

  it("is NaN of a map without heat", () => {
    expect(energy(new Float32Array(4), new Uint8Array(4).fill(1)).energy).toBeNaN();
  });
});

describe("ranks against the mask", () => {
  const map = Float32Array.of(0.9, 0.8, 0.7, 0.6, 0.5);
  const mask = Uint8Array.of(1, 0, 1, 0, 1);

  it("take as many pixels as the mask has, or a fixed number", () => {
    expect(rankAccuracy(hottest(map), mask, 3)).toBeCloseTo(2 / 3, 12);
    expect(rankAccuracy(hottest(map), mask, 1)).toBe(1);
  });

  it("give AUC 0.5 and AP 34/45 of a hand case", () => {
    // Pairs won: 0.9 beats 2, 0.7 beats 1, 0.5 beats 0 of 6. AP = (1/1 + 2/3 + 3/5) / 3.
    const { auc, averagePrecision } = pixelAuc(map, mask, hottest(map));
    expect(auc).toBeCloseTo(3 / 6, 12);
    expect(averagePrecision).toBeCloseTo((1 + 2 / 3 + 3 / 5) / 3, 12);
  });

  it("count ties half: a flat map has AUC 0.5 and its AP is the area", () => {
    const flat = new Float32Array(5).fill(0.2);
    expect(pixelAuc(flat, mask, hottest(flat))).toEqual({ auc: 0.5, averagePrecision: 0.6 });
    const two = Float32Array.of(1, 1, 0, 0, 0);
    // Inside: one of two hot, two of three cold. (½·1 + 1·... ) by pairs: hot in beats 1 cold out = 1, ties ½ with hot out.
    expect(pixelAuc(two, mask, hottest(two)).auc).toBeCloseTo((1.5 + 0.5 + 0.5) / 6, 12);
  });

  it("has no AUC where the mask is everything", () => {
    expect(pixelAuc(map, new Uint8Array(5).fill(1), hottest(map)).auc).toBeNaN();
  });
});

describe("IoU", () => {
  const map = Float32Array.of(1, 0.5, 0.2, 0);
  const mask = Uint8Array.of(1, 1, 0, 0);

  it("at a threshold, of 0 and of both sets empty", () => {
    expect(iouAt(map, mask, 0.2)).toBeCloseTo(2 / 3, 12);
    expect(iouAt(map, mask, 0.5)).toBe(1);
    expect(iouAt(map, mask, 0)).toBe(0.5);
    expect(iouAt(map, new Uint8Array(4), 2)).toBeNaN();
  });

  it("is a curve over τ from 0 to 1", () => {
    expect(thresholds[0]).toBe(0);
    expect(thresholds.at(-1)).toBe(1);
    expect(iouCurve(map, mask).at(-1)).toBe(0.5);
  });
});

describe("boxes", () => {
  it("of two regions: corners touch, the larger comes first", () => {
    // 1 . . .
    // . 1 . 1
    const found = componentsOf(Uint8Array.of(1, 0, 0, 0, 0, 1, 0, 1), [2, 4]);
    expect(found).toEqual([
      { area: 2, box: { left: 0, top: 0, right: 2, bottom: 2 } },
      { area: 1, box: { left: 3, top: 1, right: 4, bottom: 2 } },
    ]);
  });

  it("overlap by their half-open areas", () => {
    const box = (left: number, right: number) => ({ left, right, top: 0, bottom: 2 });
    expect(boxIou(box(0, 4), box(2, 6))).toBeCloseTo(4 / 12, 12);
    expect(boxIou(box(0, 2), box(2, 4))).toBe(0);
    expect(boxIou(box(0, 2), box(0, 2))).toBe(1);
  });

  it("take the largest region, or for V2 whichever fits", () => {
    // A large wrong region and a small right one.
    const map = Float32Array.of(1, 1, 1, 0, 1, 0);
    const truth = [{ left: 4, top: 0, right: 5, bottom: 1 }];
    expect(boxIouAt(map, [1, 6], truth, 0.5)).toEqual({ largest: 0, any: 1 });
    // At τ = 0 everything is one region.
    expect(boxCurve(map, [1, 6], truth)[0].largest).toBeCloseTo(1 / 6, 12);
  });
});
