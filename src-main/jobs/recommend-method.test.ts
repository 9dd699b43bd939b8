import { describe, expect, it } from "vitest";
import type { BenchMapId } from "../../shared/domain/bench.ts";
import type { SheetState } from "../../shared/domain/sheet.ts";
import { recommendMethod } from "./recommend-method.ts";

interface Given {
  readonly id: BenchMapId;
  readonly mean: number;
  readonly forwards?: number;
  readonly flagged?: number;
  readonly sheet?: SheetState;
}

/** Paired differences are those of the means, each ± `half`. */
function recommend(given: readonly Given[], half = 0.1) {
  const all = [...given, { id: "centre" as const, mean: 1 }, { id: "edges" as const, mean: 0.9 }];
  const columns = all.map((one) => ({
    id: one.id,
    forwards: one.forwards ?? 1,
    images: 100,
    flagged: one.flagged ?? 0,
    sheet: one.sheet ?? ("passed" as const),
    metrics: [
      {
        id: "energy_lift" as const,
        mean: one.mean,
        interval: { low: one.mean - half, high: one.mean + half },
        n: 100,
        excluded: {},
      },
    ],
  }));
  const meanOf = (id: BenchMapId) => all.find((one) => one.id === id)?.mean ?? NaN;
  return recommendMethod(columns, "energy_lift", (a, b) => {
    const difference = meanOf(a) - meanOf(b);
    return { interval: { low: difference - half, high: difference + half } };
  });
}

describe("the recommendation", () => {
  it("is the best where nothing ties with it", () => {
    const found = recommend([
      { id: "cam", mean: 2 },
      { id: "layercam", mean: 3 },
    ]);
    expect(found).toMatchObject({ method: "layercam", leader: "layercam", tied: ["layercam"] });
    expect(found.sentence).toBe(
      "Use LayerCAM: its Energy lift of 3.00 (2.90 to 3.10) is the best, and better than a centred Gaussian and edges",
    );
  });

  it("is the cheapest of those that tie with the leader", () => {
    const found = recommend([
      { id: "score-cam", mean: 3, forwards: 500 },
      { id: "layercam", mean: 2.95, forwards: 1.4 },
      { id: "cam", mean: 2.95, forwards: 1 },
      { id: "grad-cam", mean: 2, forwards: 0.5 },
    ]);
    expect(found).toMatchObject({
      method: "cam",
      leader: "score-cam",
      tied: ["score-cam", "layercam", "cam"],
    });
    expect(found.sentence).toContain("with Score-CAM and LayerCAM it ties");
    expect(found.sentence).toContain("the cheapest at 1.00 forward passes");
  });

  it("leaves out a method that failed its checks or has 5 % flagged maps, with the reason", () => {
    const found = recommend([
      { id: "cam", mean: 5, sheet: "failed" },
      { id: "eigen-cam", mean: 4, flagged: 5 },
      { id: "layercam", mean: 2, flagged: 4 },
    ]);
    expect(found.method).toBe("layercam");
    expect(found.refused).toEqual([
      { method: "cam", why: "sheet-failed" },
      { method: "eigen-cam", why: "flagged" },
    ]);
    const none = recommend([{ id: "cam", mean: 5, sheet: "undefined" }]);
    expect(none).toMatchObject({ method: null, leader: null });
    expect(none.sentence).toMatch(/^None can be recommended: no method passed/);
  });

  it("is none where the leader is not better than a centred Gaussian and Sobel", () => {
    const found = recommend([{ id: "cam", mean: 1.05 }]);
    expect(found).toMatchObject({ method: null, leader: "cam" });
    expect(found.sentence).toBe(
      "None can be recommended: CAM has the best Energy lift (1.05, 0.95 to 1.15), but is not better than Centred Gaussian",
    );
    expect(recommend([{ id: "cam", mean: 0.8 }]).sentence).toMatch(
      /not better than Centred Gaussian and Sobel edges$/,
    );
  });

  it("never falls to one that ties with the leader and is no better than the references", () => {
    const found = recommend([
      { id: "layercam", mean: 1.15, forwards: 2 },
      { id: "cam", mean: 1.08, forwards: 1 },
    ]);
    expect(found).toMatchObject({ method: "layercam", tied: ["layercam", "cam"] });
  });

  it("says when sanity checks were not made, and when there is no score", () => {
    const found = recommend([{ id: "cam", mean: 3, sheet: "not-made" }]);
    expect(found.isSheetKnown).toBe(false);
    expect(found.sentence).toMatch(/Sanity checks were not made$/);
    const none = recommendMethod([], null, () => null);
    expect(none).toMatchObject({ method: null, score: null });
    expect(none.sentence).toContain("no image has a score");
  });
});
