import { describe, expect, it } from "vitest";
import type { BenchColumn, BenchMapId, BenchResult } from "../../../shared/domain/bench.ts";
import { benchRows, furtherMeasure, intervalScale, mainMeasures } from "./bench-rows.ts";

const columnOf = (id: BenchMapId, lift: number | null, road = 0.1): BenchColumn => ({
  ...{ id, forwards: 1, images: 20, flagged: 0, flags: {}, sheet: "not-made", rawP99: 1 },
  ...{ iouCurve: [], bestTau: null, morfAccuracy: [], counts: {} },
  metrics: [
    {
      ...{ id: "energy_lift", mean: lift, n: lift === null ? 0 : 20, excluded: {} },
      interval: lift === null ? null : { low: lift - 0.5, high: lift + 0.5 },
    },
    {
      id: "road",
      mean: road,
      interval: { low: road - 0.1, high: road + 0.1 },
      n: 20,
      excluded: {},
    },
    { id: "gini", mean: 0.4, interval: { low: 0.3, high: 0.5 }, n: 20, excluded: {} },
  ],
});

const result = {
  settings: {},
  images: 20,
  failed: 0,
  columns: [
    columnOf("cam", 2.9),
    columnOf("layercam", 3),
    columnOf("eigen-cam", 4),
    columnOf("grad-cam", 1.2),
    columnOf("centre", 1.5),
  ],
  pairs: [
    {
      ...{ metric: "energy_lift", a: "cam", b: "layercam", n: 20, difference: -0.1, p: 0.4 },
      ...{ interval: { low: -0.3, high: 0.2 }, better: { k: 9, n: 20, low: 0.2, high: 0.6 } },
    },
    {
      ...{ metric: "energy_lift", a: "layercam", b: "grad-cam", n: 20, difference: 1.8, p: 0.01 },
      ...{ interval: { low: 1.5, high: 2 }, better: { k: 18, n: 20, low: 0.7, high: 1 } },
    },
  ],
  recommendation: {
    ...{ method: "cam", score: "energy_lift", leader: "layercam", tied: ["layercam", "cam"] },
    refused: [{ method: "eigen-cam", why: "flagged" }],
    ...{ isSheetKnown: false, sentence: "Use CAM" },
  },
} as unknown as BenchResult; // the settings are not read here

describe("the ranked table of a bench", () => {
  const rows = benchRows(result);

  it("has the best mean first, references where their mean puts them and out of the count", () => {
    expect(rows.map(({ column, rank }) => [column.id, rank])).toEqual([
      ["eigen-cam", 1],
      ["layercam", 2],
      ["cam", 3],
      ["centre", null],
      ["grad-cam", 4],
    ]);
  });

  it("says what is recommended, leads, ties, is no candidate and is a reference", () => {
    expect(rows.map(({ standing, isTied }) => [standing, isTied])).toEqual([
      ["refused", false],
      ["leader", true],
      ["recommended", true],
      ["reference", false],
      ["behind", false],
    ]);
  });

  it("tells each one's distance to the leader with the leader taken off, whichever way the pair was made", () => {
    expect(rows[2].toLeader).toEqual({ n: 20, difference: -0.1, low: -0.3, high: 0.2 });
    expect(rows[4].toLeader).toEqual({ n: 20, difference: -1.8, low: -2, high: -1.5 });
  });

  it("shows lift and ROAD, then what else was measured; without masks ROAD alone", () => {
    expect(mainMeasures(result)).toEqual(["energy_lift", "road"]);
    expect(furtherMeasure(result)).toBe("gini");
    const unmasked = { ...result, columns: [columnOf("cam", null)] };
    expect(mainMeasures(unmasked)).toEqual(["road"]);
  });

  it("draws intervals between all ends and the value that means nothing", () => {
    expect(intervalScale(result.columns, "energy_lift")).toEqual({ low: 0, high: 4.5, neutral: 1 });
    expect(intervalScale([columnOf("cam", 2, -0.4)], "road")).toEqual({
      ...{ low: -0.5, high: 0, neutral: 0 },
    });
  });
});
