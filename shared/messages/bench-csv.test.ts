import { describe, expect, it } from "vitest";
import type { BenchResult } from "../domain/bench.ts";
import { benchCsv } from "./bench-csv.ts";

const result: BenchResult = {
  settings: {
    tap: "=cmd, a",
    grid: [10, 10],
    target: { kind: "predicted" },
    curveUnit: "pixel",
    seed: 7,
    groups: ["localisation"],
    sampled: 12,
    of: 240,
    resampledBy: "group",
    device: "CPU",
  },
  images: 12,
  failed: 0,
  columns: [
    {
      id: "cam",
      forwards: 1,
      images: 12,
      flagged: 1,
      flags: { flat: 1 },
      sheet: "passed",
      metrics: [
        {
          id: "energy_lift",
          mean: 2.5,
          interval: { low: -0.25, high: 3.1 },
          n: 9,
          excluded: { "no-map": 1, "other-class": 2 },
        },
        { id: "pixel_auc", mean: null, interval: null, n: 0, excluded: { undefined: 12 } },
      ],
      rawP99: 1,
      iouCurve: [],
      bestTau: null,
      morfAccuracy: [],
      counts: {},
    },
  ],
  pairs: [],
  recommendation: {
    method: "cam",
    score: "energy_lift",
    leader: "cam",
    tied: ["cam"],
    refused: [],
    isSheetKnown: true,
    sentence: 'Use CAM: the "best"',
  },
};

describe("a bench as CSV", () => {
  const lines = benchCsv(result).split("\r\n");
  const rows = lines.filter((line) => !line.startsWith("#"));

  it("begins with the sentence and every setting, then a row per column and measure", () => {
    expect(lines[0]).toBe('# Use CAM: the "best"');
    expect(lines).toContain("# seed: 7");
    expect(lines.some((line) => line.startsWith("# measures:") && line.includes("blurSigma"))).toBe(
      true,
    );
    expect(rows[0].split(",").slice(0, 3)).toEqual(["column", "label", "metric"]);
    expect(rows[1]).toBe(
      "cam,CAM,energy_lift,higher-is-better,2.5,-0.25,3.1,9,no-map 1; other-class 2,1,12,1,passed",
    );
    expect(rows[2]).toBe("cam,CAM,pixel_auc,higher-is-better,,,,0,undefined 12,1,12,1,passed");
  });
});
