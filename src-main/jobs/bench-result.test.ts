import { describe, expect, it } from "vitest";
import type { BenchMap } from "../../shared/domain/bench-run.ts";
import type { BenchMapId, BenchSettings } from "../../shared/domain/bench.ts";
import type { EvaluationValues } from "../../shared/domain/evaluation.ts";
import { createRandom } from "../../test/support/seeded.ts";
import { benchResult, type BenchRow } from "./bench-result.ts";

const settings: BenchSettings = {
  tap: "a",
  grid: [2, 2],
  target: { kind: "predicted" },
  curveUnit: "cell",
  seed: 1,
  groups: ["localisation", "removal"],
  sampled: 40,
  of: 40,
  resampledBy: "image",
  device: "CPU",
};

function map(values: EvaluationValues, changes: Partial<BenchMap> = {}): BenchMap {
  return {
    map: Float32Array.of(0, 1, 2, -1),
    flags: [],
    values,
    counts: {},
    iou: [],
    boxes: [],
    stillPredicted: [],
    error: null,
    ...changes,
  };
}

const ids: readonly BenchMapId[] = ["cam", "grad-cam", "centre", "edges"];
const columns = ids.map((id, at) => ({ id, forwards: at }));

/** Rows of `n` images; `values(i, column)`. */
function bench(
  n: number,
  values: (image: number, column: BenchMapId) => BenchMap,
  rowOf: (image: number) => Partial<BenchRow> & { readonly target?: number } = () => ({}),
) {
  const rows = Array.from({ length: n }, (_, i): BenchRow => {
    const { target = 0, group = null } = rowOf(i);
    return {
      group,
      outcome: { target, error: null, maps: ids.map((id) => values(i, id)) },
    };
  });
  return benchResult({ settings, columns, rows, sheets: new Map([["cam", "passed"]]) });
}

const columnOf = (result: ReturnType<typeof bench>, id: BenchMapId) => {
  const found = result.columns.find((column) => column.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};
const metricOf = (result: ReturnType<typeof bench>, id: BenchMapId, metric: string) =>
  columnOf(result, id).metrics.find((one) => one.id === metric);

describe("a bench's means", () => {
  it("are over the images that have a value; the others are counted by cause", () => {
    const result = bench(5, (i) =>
      map({ energy_lift: i === 0 ? "no-evidence" : i === 1 ? "no-map" : i }),
    );
    const lift = metricOf(result, "cam", "energy_lift");
    expect(lift).toMatchObject({ mean: 3, n: 3, excluded: { "no-evidence": 1, "no-map": 1 } });
    expect(lift?.interval?.low).toBeGreaterThanOrEqual(2);
    expect(lift?.interval?.high).toBeLessThanOrEqual(4);
    expect(metricOf(result, "cam", "road")).toMatchObject({ mean: null, interval: null, n: 0 });
  });

  it("are of classes where the pointing game asks for it: 3 of 3 and 0 of 1 is one half", () => {
    const result = bench(
      4,
      (i) => map({ pointing_game_15: i < 3 ? 1 : 0 }),
      (i) => ({ target: i < 3 ? 0 : 1 }),
    );
    expect(metricOf(result, "cam", "pointing_game_15")?.mean).toBeCloseTo(0.5, 12);
  });

  it("resample patients, whose images count together: wider than image by image", () => {
    const value = (i: number) => (Math.floor(i / 10) % 2 === 0 ? 1 : 3);
    const widths = [null, "patient"].map((kind) => {
      const result = bench(
        40,
        (i) => map({ energy_lift: value(i) }),
        (i) => ({ group: kind && `p${Math.floor(i / 10)}` }),
      );
      const interval = metricOf(result, "cam", "energy_lift")?.interval;
      return (interval?.high ?? NaN) - (interval?.low ?? NaN);
    });
    expect(widths[1]).toBeGreaterThan(1.5 * widths[0]);
  });

  it("leave failed images and images without a target out, and count the failed", () => {
    const row = {
      group: null,
      outcome: { target: 0, error: null, maps: ids.map(() => map({ road: 0.2 })) },
    };
    const failed = { code: "internal/unexpected", details: {} } as const;
    const rows = [
      row,
      row,
      { group: null, outcome: { ...row.outcome, error: failed } },
      { group: null, outcome: { ...row.outcome, target: null } },
    ];
    const result = benchResult({ settings, columns, rows, sheets: new Map() });
    expect(result).toMatchObject({ images: 2, failed: 1 });
  });

  it("count flagged maps, and know the range that colours are locked to", () => {
    const result = bench(4, (i) =>
      map({ road: 0.1 }, i === 0 ? { flags: ["flat"], map: null } : {}),
    );
    expect(columnOf(result, "cam")).toMatchObject({ flagged: 1, flags: { flat: 1 }, images: 4 });
    // Positive values 1 and 2, three times each.
    expect(columnOf(result, "cam").rawP99).toBeCloseTo(2, 6);
  });
});

describe("thresholds", () => {
  const thresholds = Array.from({ length: 21 }, (_, i) => i);

  it("for the best IoU are one for all images, and said to be", () => {
    // Two images are best at 0.2, one at 0.4: together 0.2 is.
    const curve = (best: number) => thresholds.map((t) => 1 - Math.abs(t - best) / 20);
    const result = bench(3, (i) => map({ energy: 0.5 }, { iou: curve(i < 2 ? 4 : 8) }));
    const cam = columnOf(result, "cam");
    expect(cam.bestTau).toBeCloseTo(0.2, 12);
    expect(cam.iouCurve[6]).toBeCloseTo(1 - 2 / 20, 12);
    expect(metricOf(result, "cam", "iou_tau_best")?.mean).toBeCloseTo(1 - 4 / 60, 12);
  });

  it("for MaxBoxAcc come from the other half of the patients", () => {
    const random = createRandom(3);
    // Boxes that fit at a threshold of each image's own: what a half learns does not help the other.
    const own = Array.from({ length: 40 }, () => Math.floor(random() * 21));
    const noise = bench(40, (i) =>
      map(
        { energy: 0.5 },
        { boxes: thresholds.map((t) => ({ largest: t === own[i] ? 1 : 0, any: 0 })) },
      ),
    );
    const chosenOnTheSame = Math.max(
      ...thresholds.map((t) => own.filter((one) => one === t).length / 40),
    );
    expect(metricOf(noise, "cam", "max_box_acc")?.mean).toBeLessThan(chosenOnTheSame);
    const sure = bench(40, () =>
      map(
        { energy: 0.5 },
        { boxes: thresholds.map((t) => ({ largest: t === 7 ? 0.6 : 0, any: t === 7 ? 0.6 : 0 })) },
      ),
    );
    expect(metricOf(sure, "cam", "max_box_acc")?.mean).toBe(1);
    // IoU 0.6 counts at 0.3 and 0.5, not at 0.7.
    expect(metricOf(sure, "cam", "max_box_acc_v2")?.mean).toBeCloseTo(2 / 3, 12);
  });
});

describe("pairs and the recommendation", () => {
  const lift = { cam: 3, "grad-cam": 2, centre: 1, edges: 1 };

  it("compare on the same images, by Wilcoxon and by who is better", () => {
    const result = bench(20, (i, id) => {
      const base = lift[id as keyof typeof lift]; // one of ids
      return map({ energy_lift: base + (i % 5) / 10, road: 0.1 * base });
    });
    const pair = result.pairs.find(
      ({ metric, a, b }) => metric === "energy_lift" && a === "cam" && b === "grad-cam",
    );
    expect(pair).toMatchObject({ n: 20, better: { k: 20, n: 20 } });
    expect(pair?.difference).toBeCloseTo(1, 12);
    expect(pair?.interval.low).toBeCloseTo(1, 12);
    expect(pair?.p).toBeCloseTo(2 / 2 ** 20, 12);
    // On the deciding score all six pairs; on ROAD the leader's three.
    expect(result.pairs.filter(({ metric }) => metric === "energy_lift")).toHaveLength(6);
    expect(result.pairs.filter(({ metric }) => metric === "road")).toHaveLength(3);
    expect(result.recommendation).toMatchObject({
      method: "cam",
      score: "energy_lift",
      isSheetKnown: false, // grad-cam has no sheet
    });
  });

  it("are by ROAD where there are no masks", () => {
    const result = bench(
      20,
      (_, id) => map({ energy_lift: "no-evidence", road: 0.1 * lift[id as keyof typeof lift] }), // one of ids
    );
    expect(result.recommendation).toMatchObject({ method: "cam", score: "road" });
  });

  it("find nothing to recommend where nothing was measured", () => {
    const result = bench(3, () => map({ energy_lift: "no-evidence" }));
    expect(result.recommendation).toMatchObject({ method: null, score: null });
  });
});
