import { describe, expect, it } from "vitest";
import { clusteredRate, intraclass } from "./clusters.ts";
import { estimatedRate, type SampledRead } from "./estimated-rate.ts";
import { hajek } from "./hajek.ts";
import { mcnemar } from "./mcnemar.ts";
import { wilson } from "./proportion.ts";
import { roganGladen } from "./rogan-gladen.ts";
import { sample } from "./sample.ts";
import { samplingPlan } from "./sampling-plan.ts";
import { stratified } from "./stratified.ts";

/** n reads of a stratum, the first k of them findings, each a patient of its own. */
const reads = (stratum: number, n: number, k: number): SampledRead[] =>
  Array.from({ length: n }, (_, i) => ({ isFinding: i < k, stratum, patient: null }));

describe("rates of images that come by patient", () => {
  // Six patients; ρ and n/(1+(m̄−1)ρ) computed apart from sums of squared deviations.
  const patients = [
    { k: 3, n: 4 },
    { k: 0, n: 4 },
    { k: 1, n: 2 },
    { k: 0, n: 1 },
    { k: 2, n: 3 },
    { k: 0, n: 3 },
  ];

  it("have an effective size", () => {
    const rate = clusteredRate(patients);
    expect(rate).toMatchObject({ k: 6, n: 17, groups: 6 });
    expect(rate.correlation).toBeCloseTo(0.313345241132942, 12);
    expect(rate.effective).toBeCloseTo(9.997537228455164, 10);
    expect(rate.interval.low).toBeLessThan(wilson({ k: 6, n: 17 }).low);
  });

  it("count each patient once when a patient's images are all alike, each image when unrelated", () => {
    const alike = Array.from({ length: 20 }, (_, i) => ({ k: i < 5 ? 3 : 0, n: 3 }));
    expect(intraclass(alike)).toBeCloseTo(1, 12);
    expect(clusteredRate(alike).effective).toBeCloseTo(20, 9);
    const spread = Array.from({ length: 20 }, () => ({ k: 1, n: 3 }));
    expect(intraclass(spread)).toBe(0);
    expect(clusteredRate(spread).effective).toBe(60);
  });

  it("count patients while no finding shows how alike their images are", () => {
    const clean = Array.from({ length: 20 }, () => ({ k: 0, n: 3 }));
    expect(clusteredRate(clean).correlation).toBeNull();
    expect(clusteredRate(clean).interval.high).toBeCloseTo(0.1611, 4); // 0/20 of 7.2
  });

  it("are plain Wilson with one image each, and everything of nothing", () => {
    const single = Array.from({ length: 20 }, (_, i) => ({ k: i < 1 ? 1 : 0, n: 1 }));
    expect(clusteredRate(single).interval).toEqual(wilson({ k: 1, n: 20 }));
    expect(clusteredRate([]).interval).toEqual({ low: 0, high: 1 });
    expect(clusteredRate([{ k: 1, n: 1 }]).interval).toEqual(wilson({ k: 1, n: 1 }));
  });
});

describe("Hájek's estimate", () => {
  const golden = [
    { size: 1000, n: 100, k: 10 },
    { size: 200, n: 50, k: 20 },
    { size: 50, n: 25, k: 1 },
  ];

  it("is the stratified one with π = n_s/N_s", () => {
    const drawn = golden.flatMap(({ size, n, k }) =>
      Array.from({ length: n }, (_, i) => ({ isFinding: i < k, inclusion: n / size, group: null })),
    );
    const estimate = hajek(drawn, { seed: 1 });
    expect(estimate?.p).toBeCloseTo(0.1456, 10);
    // Without the strata and the finite populations of 7.1's 0.024879 the error is larger: linearised,
    // √(n/(n−1) Σ w²(y−p)²) / Σw = 0.027437.
    expect(Math.abs((estimate?.standardError ?? 0) - 0.027437)).toBeLessThan(0.0015);
    expect(hajek(drawn, { seed: 1 })).toEqual(estimate);
  });

  it("is Wilson's interval where no image is a finding, and nothing of nothing", () => {
    const clean = Array.from({ length: 20 }, () => ({
      isFinding: false,
      inclusion: 0.1,
      group: null,
    }));
    expect(hajek(clean, { seed: 1 })?.interval.high).toBeCloseTo(0.1611, 4);
    const all = clean.map((read) => ({ ...read, isFinding: true }));
    expect(hajek(all, { seed: 1 })?.interval.low).toBeCloseTo(1 - 0.1611, 4);
    expect(hajek([], { seed: 1 })).toBeNull();
    const one = hajek([{ isFinding: true, inclusion: 0.3, group: "p" }], { seed: 1 });
    expect(one).toMatchObject({ p: 1, standardError: 0, effective: 1 });
  });
});

describe("McNemar's exact test", () => {
  it("doubles the smaller tail", () => {
    // 2 · (1 + 10 + 45) / 2¹⁰
    expect(mcnemar(2, 8)).toBeCloseTo(0.109375, 12);
    expect(mcnemar(8, 2)).toBeCloseTo(0.109375, 12);
    expect(mcnemar(0, 6)).toBeCloseTo(2 / 64, 12);
  });

  it("is 1 when the changes balance or none is there", () => {
    expect(mcnemar(5, 5)).toBe(1);
    expect(mcnemar(0, 0)).toBe(1);
  });
});

describe("Rogan–Gladen", () => {
  it("corrects 30 % found with Se 0.9 and Sp 0.95 to 0.25/0.85", () => {
    const rate = roganGladen({
      found: { k: 30, n: 100 },
      sensitivity: { k: 45, n: 50 },
      specificity: { k: 76, n: 80 },
    });
    expect(rate?.p).toBeCloseTo(0.25 / 0.85, 12);
    // √(0.0021 + 0.294118²·0.0018 + 0.705882²·0.00059375) / 0.85
    expect(rate?.standardError).toBeCloseTo(0.05942698807205121, 12);
    expect(rate?.interval.low).toBeCloseTo(0.17764289072791173, 10);
    expect(rate?.interval.high).toBeCloseTo(0.41059240338973524, 10);
  });

  it("is held in 0..1 and keeps a width at 0 and at all", () => {
    const perfect = { sensitivity: { k: 10, n: 10 }, specificity: { k: 10, n: 10 } };
    const none = roganGladen({ found: { k: 0, n: 20 }, ...perfect });
    expect(none?.p).toBe(0);
    expect(none?.interval.low).toBe(0);
    expect(none?.interval.high).toBeGreaterThan(0.05);
    const fewer = roganGladen({
      found: { k: 1, n: 100 },
      sensitivity: { k: 9, n: 10 },
      specificity: { k: 9, n: 10 },
    });
    expect(fewer?.p).toBe(0); // 0.01 + 0.9 − 1 < 0
  });

  it("has none for readers no better than chance, or without counts", () => {
    const found = { k: 1, n: 10 };
    const half = { k: 5, n: 10 };
    expect(roganGladen({ found, sensitivity: half, specificity: half })).toBeNull();
    expect(roganGladen({ found, sensitivity: { k: 0, n: 0 }, specificity: half })).toBeNull();
  });
});

describe("the rate of the report", () => {
  const seed = 1;

  it("is Wilson's where every stratum was read at one share", () => {
    const rate = estimatedRate([...reads(0, 30, 3), ...reads(1, 20, 0)], [300, 200], { seed });
    expect(rate).toMatchObject({ k: 3, n: 50, p: 0.06, patients: 50, method: "wilson" });
    expect(rate?.interval).toEqual(wilson({ k: 3, n: 50 }));
  });

  it("is weighted back where shares differ", () => {
    const golden = [...reads(0, 100, 10), ...reads(1, 50, 20), ...reads(2, 25, 1)];
    const rate = estimatedRate(golden, [1000, 200, 50], { seed });
    expect(rate).toMatchObject({ k: 31, n: 175, method: "stratified" });
    expect(rate?.p).toBeCloseTo(0.1456, 10);
    // n_eff = 0.1456 · 0.8544 / 0.024879² = 200.98
    const expected = wilson({ k: 0.1456 * 200.98, n: 200.98 });
    expect(rate?.interval.low).toBeCloseTo(expected.low, 4);
    expect(rate?.interval.high).toBeCloseTo(expected.high, 4);
  });

  it("counts patients where they repeat, with strata too", () => {
    const byThree = (list: SampledRead[]) =>
      list.map((read, i) => ({ ...read, patient: `p${Math.floor(i / 3)}` }));
    const even = byThree(reads(0, 60, 6));
    const clustered = estimatedRate(even, [600], { seed });
    expect(clustered).toMatchObject({ p: 0.1, n: 60, patients: 20, method: "clustered" });
    expect(clustered?.interval).toEqual(wilson({ k: 2, n: 20 }));
    const uneven = byThree([...reads(0, 60, 6), ...reads(1, 60, 0)]);
    const both = estimatedRate(uneven, [600, 100], { seed });
    expect(both?.method).toBe("stratified-clustered");
    expect(both?.p).toBeCloseTo((600 / 700) * 0.1, 12);
    const single = stratified([
      { size: 600, n: 60, k: 6 },
      { size: 100, n: 60, k: 0 },
    ]);
    expect(both?.interval.high).toBeGreaterThan(single?.interval.high ?? 1);
  });

  it("is the rate itself when everything was read, and none before it can be", () => {
    expect(estimatedRate(reads(0, 4, 1), [4], { seed })).toMatchObject({
      p: 0.25,
      interval: { low: 0.25, high: 0.25 },
      method: "census",
    });
    expect(estimatedRate([], [10], { seed })).toBeNull();
    expect(estimatedRate(reads(0, 5, 1), [10, 10], { seed })).toBeNull();
    expect(estimatedRate(reads(0, 1, 1), [10], { seed })?.interval).toEqual(wilson({ k: 1, n: 1 }));
  });

  it("covers whatever the counts are, and stays in 0..1", () => {
    for (let n = 2; n <= 6; n++)
      for (let a = 0; a <= n; a++)
        for (let b = 0; b <= 2; b++) {
          const rate = estimatedRate([...reads(0, n, a), ...reads(1, 2, b)], [50, 20], { seed });
          if (!rate) throw new Error("two of each stratum were read");
          expect(rate.interval.low).toBeGreaterThanOrEqual(0);
          expect(rate.interval.high).toBeLessThanOrEqual(1);
          expect(rate.interval.low).toBeLessThanOrEqual(rate.p);
          expect(rate.interval.high).toBeGreaterThanOrEqual(rate.p);
          expect(rate.interval.high).toBeGreaterThan(rate.interval.low);
        }
  });
});

describe("coverage over seeds 1 to 1000: N = 1000 with 120 planted, n = 60", () => {
  const covered = (isIn: (seed: number) => boolean) => {
    let count = 0;
    for (let seed = 1; seed <= 1000; seed++) if (isIn(seed)) count++;
    return count / 1000;
  };
  const holds = (interval: { low: number; high: number } | undefined) =>
    interval !== undefined && interval.low <= 0.12 && 0.12 <= interval.high;

  it("of Wilson is 94 to 98.5 %, exact 96.3 %", () => {
    const population = Array.from({ length: 1000 }, (_, i) => i < 120);
    const share = covered((seed) => {
      const k = sample(population, 60, seed).filter(Boolean).length;
      return holds(wilson({ k, n: 60 }));
    });
    expect(share).toBeGreaterThanOrEqual(0.94);
    expect(share).toBeLessThanOrEqual(0.985);
  });

  // Members and planted, by stratum: alike, uneven, and with the findings where they are rare.
  const cases: Record<string, readonly (readonly [number, number])[]> = {
    alike: [
      [250, 30],
      [250, 30],
      [250, 30],
      [250, 30],
    ],
    uneven: [
      [400, 20],
      [300, 30],
      [200, 30],
      [100, 40],
    ],
    gathered: [
      [600, 6],
      [200, 14],
      [120, 40],
      [80, 60],
    ],
  };
  for (const [name, four] of Object.entries(cases))
    it(`of four strata is 92 to 98 %, ${name}`, () => {
      const population = four.flatMap(([size, planted], s) =>
        Array.from({ length: size }, (_, i) => ({
          id: `${s}-${i}`,
          keys: [`class ${s}`],
          isFinding: i < planted,
          stratum: s,
        })),
      );
      const byId = new Map(population.map((item) => [item.id, item]));
      const share = covered((seed) => {
        const plan = samplingPlan(population, { size: 60, seed });
        const counts = four.map(([size]) => ({ size, n: 0, k: 0 }));
        for (const id of plan.items) {
          const item = byId.get(id);
          if (!item) throw new Error("the plan drew what isn't there");
          counts[item.stratum].n += 1;
          counts[item.stratum].k += item.isFinding ? 1 : 0;
        }
        return holds(stratified(counts)?.interval);
      });
      expect(share).toBeGreaterThanOrEqual(0.92);
      expect(share).toBeLessThanOrEqual(0.98);
    });
});
