import { describe, expect, it } from "vitest";
import { agreement } from "./agreement.ts";
import { bootstrapCoefficient } from "./bootstrap-coefficient.ts";
import { cohenKappa, weightedKappa } from "./cohen-kappa.ts";
import type { Coefficient } from "./coefficient.ts";
import { fleissKappa } from "./fleiss-kappa.ts";
import { gwetAc1 } from "./gwet-ac1.ts";
import { krippendorffAlpha } from "./krippendorff-alpha.ts";
import { pabak } from "./pabak.ts";
import {
  categoryCounts,
  pairTable,
  prevalence,
  rawAgreement,
  tableCounts,
  type Ratings,
} from "./ratings.ts";

const value = (coefficient: Coefficient | null) =>
  coefficient?.kind === "value" ? coefficient.value : NaN;
const noVariation = { kind: "no-variation" };
const nothingShared = { kind: "nothing-shared" };

const table = [
  [20, 5],
  [10, 65],
];

// Krippendorff's three coders of fifteen units; 1…4, 0 for a missing value.
const krippendorff: Ratings = (() => {
  const coders = ["000003412113303", "102133430000000", "002134402113304"];
  return Array.from({ length: 15 }, (_, unit) =>
    coders.map((line) => (line[unit] === "0" ? null : Number(line[unit]))),
  );
})();

// Fleiss 1971: ten subjects, fourteen raters, five categories.
const fleiss = [
  [0, 0, 0, 0, 14],
  [0, 2, 6, 4, 2],
  [0, 0, 3, 5, 6],
  [0, 3, 9, 2, 0],
  [2, 2, 8, 1, 1],
  [7, 7, 0, 0, 0],
  [3, 2, 6, 3, 0],
  [2, 5, 3, 2, 2],
  [6, 5, 2, 1, 0],
  [0, 2, 2, 3, 7],
];

describe("agreement, golden cases of spurious-focus.md 7.4", () => {
  it("of two readers in a table", () => {
    const counts = tableCounts(table);
    expect(counts).toHaveLength(100);
    expect(rawAgreement(counts)).toBeCloseTo(0.85, 12);
    expect(value(cohenKappa(table))).toBeCloseTo(0.625, 12); // so p_e is 0.60
    expect(value(pabak(counts))).toBeCloseTo(0.7, 12);
    expect(value(gwetAc1(counts))).toBeCloseTo(0.75052, 5);
    expect(prevalence(counts)[0]).toBeCloseTo(0.275, 12);
  });

  it("of Fleiss' fourteen raters", () => {
    expect(value(fleissKappa(fleiss))).toBeCloseTo(0.20993, 5);
  });

  it("of Krippendorff's coders with missing values", () => {
    expect(value(krippendorffAlpha(krippendorff))).toBeCloseTo(0.69136, 5);
    expect(value(krippendorffAlpha(krippendorff, "interval"))).toBeCloseTo(0.81084, 5);
  });
});

describe("weighted κ", () => {
  it("of three ordered grades is 0.69349, computed apart from its definition", () => {
    const grades = [
      [10, 3, 1],
      [2, 8, 4],
      [0, 3, 9],
    ];
    expect(value(weightedKappa(grades))).toBeCloseTo(0.6934865900383141, 12);
  });

  it("of two categories is κ", () => {
    expect(value(weightedKappa(table))).toBeCloseTo(0.625, 12);
  });
});

describe("agreement at the edges", () => {
  const same: Ratings = [
    [1, 1],
    [1, 1],
    [1, 1],
  ];

  it("says no variation when all verdicts are equal, never 0 or 1", () => {
    const counts = categoryCounts(same, 2);
    expect(cohenKappa(pairTable(same, [0, 1], 2))).toEqual(noVariation);
    expect(weightedKappa(pairTable(same, [0, 1], 2))).toEqual(noVariation);
    expect(fleissKappa(counts)).toEqual(noVariation);
    expect(krippendorffAlpha(same)).toEqual(noVariation);
    expect(krippendorffAlpha(same, "interval")).toEqual(noVariation);
    expect(gwetAc1(counts)).toEqual(noVariation);
    expect(pabak(counts)).toEqual(noVariation);
    expect(agreement(same, { categories: 2, seed: 1 })).toMatchObject({
      raw: 1,
      prevalence: [0, 1],
      alpha: { estimate: noVariation, interval: null },
      isReliable: null,
    });
  });

  it("says nothing is shared when no item has two verdicts", () => {
    const alone: Ratings = [
      [1, null],
      [null, 0],
      [null, null],
    ];
    const counts = categoryCounts(alone, 2);
    expect(cohenKappa(pairTable(alone, [0, 1], 2))).toEqual(nothingShared);
    expect(fleissKappa(counts)).toEqual(nothingShared);
    expect(krippendorffAlpha(alone)).toEqual(nothingShared);
    expect(gwetAc1(counts)).toEqual(nothingShared);
    expect(pabak(counts)).toEqual(nothingShared);
    expect(agreement([], { categories: 2, seed: 1 }).alpha.estimate).toEqual(nothingShared);
  });

  it("is a figure when each reader is constant but they differ", () => {
    const apart: Ratings = [
      [0, 1],
      [0, 1],
    ];
    expect(value(cohenKappa(pairTable(apart, [0, 1], 2)))).toBe(0);
    // D_o = 1; D_e = 2·2·2 / (4·3): α = 1 − 3/2
    expect(value(krippendorffAlpha(apart))).toBeCloseTo(-0.5, 12);
    expect(value(gwetAc1(categoryCounts(apart, 2)))).toBeCloseTo(-1, 12);
  });

  it("leaves Fleiss' κ out where items have different numbers of verdicts", () => {
    const counts = categoryCounts(
      [
        [0, 1, 0],
        [1, 1, null],
      ],
      2,
    );
    expect(fleissKappa(counts)).toBeNull();
  });

  it("of rare positives: AC1 stays high where κ falls", () => {
    const rare = [
      [1, 4],
      [4, 91],
    ];
    expect(value(cohenKappa(rare))).toBeLessThan(0.2);
    expect(value(gwetAc1(tableCounts(rare)))).toBeGreaterThan(0.9);
  });
});

describe("intervals of an agreement", () => {
  const ratings: Ratings = [
    ...Array.from({ length: 20 }, () => [0, 0]),
    ...Array.from({ length: 5 }, () => [0, 1]),
    ...Array.from({ length: 10 }, () => [1, 0]),
    ...Array.from({ length: 65 }, () => [1, 1]),
  ];
  const kappa = (items: Ratings) => cohenKappa(pairTable(items, [0, 1], 2));

  it("lie near κ ± 1.96 of its large-sample error, and repeat with the seed", () => {
    const first = bootstrapCoefficient(ratings, kappa, { seed: 7 });
    expect(bootstrapCoefficient(ratings, kappa, { seed: 7 })).toEqual(first);
    // Fleiss, Cohen and Everitt 1969 for this table: σ = 0.0850 (A = .1444, B = .0220, C = .0506)
    expect(first.interval?.low).toBeGreaterThan(0.625 - 1.96 * 0.085 - 0.03);
    expect(first.interval?.low).toBeLessThan(0.625 - 1.96 * 0.085 + 0.03);
    expect(first.interval?.high).toBeGreaterThan(0.625 + 1.96 * 0.085 - 0.03);
    expect(first.interval?.high).toBeLessThan(0.625 + 1.96 * 0.085 + 0.03);
    expect(first.undefinedShare).toBe(0);
  });

  it("are wider when whole patients are drawn and a patient's images agree alike", () => {
    // Disagreements sit with few patients: neighbours in the list belong together.
    const groups = ratings.map((_, i) => `p${Math.floor(i / 5)}`);
    const single = bootstrapCoefficient(ratings, kappa, { seed: 7 }).interval;
    const whole = bootstrapCoefficient(ratings, kappa, { seed: 7, groups }).interval;
    const width = (interval: typeof single) => (interval ? interval.high - interval.low : NaN);
    expect(width(whole)).toBeGreaterThan(1.5 * width(single));
  });

  it("leave out resamples without variation and count them", () => {
    const few: Ratings = [...Array.from({ length: 9 }, () => [0, 0]), [1, 1]];
    const result = bootstrapCoefficient(few, krippendorffAlpha, { seed: 1 });
    // A resample misses the one positive item in 0.9¹⁰ = 0.349 of cases.
    expect(Math.abs(result.undefinedShare - 0.9 ** 10)).toBeLessThan(0.05);
    expect(result.interval).toEqual({ low: 1, high: 1 });
  });

  it("are none of a single item", () => {
    expect(bootstrapCoefficient([[0, 1]], krippendorffAlpha, { seed: 1 }).interval).toBeNull();
  });
});

describe("agreement as the report prints it", () => {
  it("has Cohen's κ for two readers, and lists what they disagree on", () => {
    const result = agreement(
      [
        [0, 0],
        [0, 1],
        [1, 1],
        [1, null],
        [1, 1],
        [0, 0],
      ],
      { categories: 2, seed: 3, resamples: 200 },
    );
    expect(result.shared).toBe(5);
    expect(result.raw).toBeCloseTo(0.8, 12);
    expect(result.kappa?.of).toBe("cohen");
    expect(result.disagreements).toEqual([1]);
    // D_o = 2/10, n₀ = n₁ = 5: D_e = 50/90; α = 1 − 0.2·90/50 = 0.64 < 0.667
    expect(value(result.alpha.estimate)).toBeCloseTo(0.64, 12);
    expect(result.isReliable).toBe(false);
  });

  it("has Fleiss' κ for more readers, weighted κ for grades", () => {
    const three = agreement(
      [
        [0, 0, 1],
        [1, 1, 1],
        [0, 0, 0],
      ],
      { categories: 2, seed: 3, resamples: 200 },
    );
    expect(three.kappa?.of).toBe("fleiss");
    const grades = agreement(
      [
        [0, 0],
        [2, 1],
        [1, 1],
      ],
      { categories: 3, seed: 3, scale: "interval", resamples: 200 },
    );
    expect(grades.kappa?.of).toBe("weighted");
  });
});
