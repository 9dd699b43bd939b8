import { describe, expect, it } from "vitest";
import { emptyConfusion, segmentationScores } from "../../../shared/statistics/segmentation.ts";
import { sweepThresholds } from "../../../shared/domain/pseudo-labels.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { argMaxPlanes, withBackground } from "./background.ts";
import { countPairs, type ConfusionEntry } from "./confusion.ts";
import { sweepOf } from "./sweep.ts";

function matrixOf(entries: readonly ConfusionEntry[], classes: number) {
  const matrix = emptyConfusion(classes);
  for (const { truth, label, n } of entries) matrix[truth * classes + label] += n;
  return matrix;
}

describe("mean intersection over union", () => {
  it("of the page's toy is 0.416667; the ignored pixel counts nowhere", () => {
    const matrix = matrixOf(countPairs([0, 0, 1, 1, 1, 255, 2, 2], [0, 1, 1, 1, 0, 1, 2, 0]), 3);
    expect([...matrix]).toEqual([1, 1, 0, 1, 2, 0, 1, 0, 1]);
    const { iou, miou, overCoverage, precision, recall } = segmentationScores(matrix);
    expect(iou).toEqual([0.25, 0.5, 0.5]);
    expect(miou).toBeCloseTo(0.416667, 6);
    expect(overCoverage).toBeCloseTo(1 / 4, 12); // four pixels labelled as objects, one of background
    expect(precision).toEqual([1 / 3, 2 / 3, 1]);
    expect(recall).toEqual([1 / 2, 2 / 3, 1 / 2]);
  });

  it("of a perfect labelling is 1, and classes that occur nowhere are left out", () => {
    const { iou, miou } = segmentationScores(matrixOf(countPairs([0, 0, 3], [0, 0, 3]), 5));
    expect(miou).toBe(1);
    expect(iou.map(Number.isNaN)).toEqual([false, true, true, false, true]);
  });

  it("of nothing but background is background's own over the classes that occur", () => {
    const truth = Array.from({ length: 210 }, (_, p) => (p < 147 ? 0 : 1 + (p % 20)));
    const { iou, miou } = segmentationScores(matrixOf(countPairs(truth, new Uint8Array(210)), 21));
    expect(iou[0]).toBeCloseTo(147 / 210, 12);
    expect(miou).toBeCloseTo(iou[0] / 21, 12);
  });

  it("counts a label left open as background", () => {
    expect(countPairs([1], [255])).toEqual([{ truth: 1, label: 0, n: 1 }]);
  });
});

it("a sweep counts, for every threshold, what that threshold would label", () => {
  const maps = [1, 2].map((seed) => seededNumbers(300, seed).map((value) => Math.abs(value) / 2));
  const truth = Array.from({ length: 300 }, (_, p) => [0, 3, 5, 255][p % 4]);
  const entries = sweepOf(maps, [3, 5], truth);
  for (const [i, value] of sweepThresholds.entries()) {
    const plain = argMaxPlanes(withBackground(maps, 300, { kind: "threshold", value }));
    const wanted = matrixOf(
      countPairs(
        truth,
        plain.map((label) => [0, 3, 5][label]),
      ),
      6,
    );
    const swept = emptyConfusion(6);
    for (const { truth: own, label, over } of entries)
      over.forEach((n, b) => (swept[own * 6 + (b > i ? label : 0)] += n));
    expect([...swept]).toEqual([...wanted]);
  }
});
