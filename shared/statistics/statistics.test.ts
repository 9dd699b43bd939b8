import { describe, expect, it } from "vitest";
import { betaQuantile, incompleteBeta, logGamma } from "./beta.ts";
import { pearson, ranks, spearman } from "./correlation.ts";
import { normalDistribution, normalQuantile } from "./normal.ts";
import { percentile } from "./percentile.ts";
import { clopperPearson, newcombe, wilson } from "./proportion.ts";
import { randomFrom, sample, shuffled } from "./sample.ts";
import { finiteSize, sizeForEstimate, sizeForZeroFindings } from "./sample-size.ts";
import { stratified } from "./stratified.ts";

describe("intervals of a proportion, spurious-focus.md 7.2", () => {
  const table = [
    [0, 20, 0, 0.1611, 0, 0.1684],
    [1, 20, 0.0089, 0.2361, 0.0013, 0.2487],
    [3, 50, 0.0206, 0.1622, 0.0125, 0.1655],
    [12, 200, 0.0347, 0.1019, 0.0314, 0.1025],
    [0, 59, 0, 0.0611, 0, 0.0606],
    [50, 50, 0.9287, 1, 0.9289, 1],
  ];
  for (const [k, n, wilsonLow, wilsonHigh, exactLow, exactHigh] of table)
    it(`of ${k} in ${n}`, () => {
      expect(wilson({ k, n }).low).toBeCloseTo(wilsonLow, 4);
      expect(wilson({ k, n }).high).toBeCloseTo(wilsonHigh, 4);
      expect(clopperPearson({ k, n }).low).toBeCloseTo(exactLow, 4);
      expect(clopperPearson({ k, n }).high).toBeCloseTo(exactHigh, 4);
    });

  it("is everything when nothing was read", () => {
    expect(wilson({ k: 0, n: 0 })).toEqual({ low: 0, high: 1 });
    expect(clopperPearson({ k: 0, n: 0 })).toEqual({ low: 0, high: 1 });
  });

  it("Clopper–Pearson bounds are where the binomial tails are 2.5 %", () => {
    // P(X ≥ 3 | n = 50, low) = P(X ≤ 3 | n = 50, high) = 0.025, summed term by term
    const { low, high } = clopperPearson({ k: 3, n: 50 });
    const term = (p: number, j: number) => {
      let choose = 1;
      for (let i = 0; i < j; i++) choose = (choose * (50 - i)) / (i + 1);
      return choose * p ** j * (1 - p) ** (50 - j);
    };
    const atMost = (p: number, k: number) =>
      Array.from({ length: k + 1 }, (_, j) => term(p, j)).reduce((a, b) => a + b, 0);
    expect(1 - atMost(low, 2)).toBeCloseTo(0.025, 10);
    expect(atMost(high, 3)).toBeCloseTo(0.025, 10);
  });

  it("of a difference: Newcombe 1998, 56/70 against 48/80 is 0.0524 to 0.3339", () => {
    const { low, high } = newcombe({ k: 56, n: 70 }, { k: 48, n: 80 });
    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
  });

  it("of a difference is everything where a sample is empty", () => {
    expect(newcombe({ k: 0, n: 0 }, { k: 1, n: 2 })).toEqual({ low: -1, high: 1 });
  });
});

describe("stratified estimates", () => {
  it("give the golden 0.1456 and 0.024879 of 7.1", () => {
    const estimate = stratified([
      { size: 1000, n: 100, k: 10 },
      { size: 200, n: 50, k: 20 },
      { size: 50, n: 25, k: 1 },
    ]);
    expect(estimate?.p).toBeCloseTo(0.1456, 10);
    expect(estimate?.standardError).toBeCloseTo(0.024879, 6);
  });

  it("have no error when everything was read, and none at all with an unread stratum", () => {
    const whole = stratified([{ size: 10, n: 10, k: 3 }]);
    expect(whole).toMatchObject({ p: 0.3, standardError: 0, interval: { low: 0.3, high: 0.3 } });
    expect(stratified([{ size: 10, n: 0, k: 0 }])).toBeNull();
    expect(stratified([])).toBeNull();
  });

  it("are Wilson's interval when no stratum has shown a finding", () => {
    const estimate = stratified([
      { size: 100, n: 10, k: 0 },
      { size: 100, n: 10, k: 0 },
    ]);
    expect(estimate?.interval.high).toBeCloseTo(0.1611, 4);
  });
});

describe("how many to read, 7.3", () => {
  it("for zero findings", () => {
    expect([0.1, 0.05, 0.02, 0.01].map((rate) => sizeForZeroFindings(rate))).toEqual([
      29, 59, 149, 299,
    ]);
    expect([0.1, 0.05, 0.02, 0.01].map((rate) => sizeForZeroFindings(rate, 0.9))).toEqual([
      22, 45, 114, 230,
    ]);
  });

  it("for an estimate, of a finite population less", () => {
    expect(sizeForEstimate({ rate: 0.1, halfWidth: 0.05 })).toBe(139);
    expect(sizeForEstimate({ rate: 0.1, halfWidth: 0.05, population: 240 })).toBe(88);
    expect(finiteSize(139, 1e9)).toBeCloseTo(139, 3);
  });

  it("to a margin at the rate that needs most, review-experience.md 6.5", () => {
    const margins = [0.05, 0.03, 0.02];
    expect(margins.map((halfWidth) => sizeForEstimate({ rate: 0.5, halfWidth }))).toEqual([
      385, 1068, 2401,
    ]);
    expect(sizeForEstimate({ rate: 0.5, halfWidth: 0.05, population: 240 })).toBe(148);
    expect(sizeForEstimate({ rate: 0.5, halfWidth: 0.05, population: 3 })).toBe(3);
    expect(sizeForEstimate({ rate: 0.5, halfWidth: 0.05, population: 1 })).toBe(1);
    expect(sizeForEstimate({ rate: 0.5, halfWidth: 0.05, population: 0 })).toBe(0);
  });
});

describe("special functions", () => {
  it("know the normal distribution", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.005)).toBeCloseTo(-2.575829303548901, 12);
    expect(normalDistribution(0)).toBe(0.5);
    expect(normalDistribution(1.959963984540054)).toBeCloseTo(0.975, 14);
    expect(normalDistribution(-6)).toBeCloseTo(9.865876450376946e-10, 20);
  });

  it("know gamma at integers and halves", () => {
    expect(logGamma(1)).toBeCloseTo(0, 12);
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
  });

  it("know the incomplete beta where it has a closed form", () => {
    expect(incompleteBeta(0.3, 1, 4)).toBeCloseTo(1 - 0.7 ** 4, 13);
    expect(incompleteBeta(0.3, 4, 1)).toBeCloseTo(0.3 ** 4, 13);
    expect(incompleteBeta(0.5, 7, 7)).toBeCloseTo(0.5, 13);
    expect(betaQuantile(0.25, 1, 1)).toBeCloseTo(0.25, 13);
  });
});

describe("correlation", () => {
  it("shares ranks among equals", () => {
    expect([...ranks([10, 20, 10, 30])]).toEqual([1.5, 3, 1.5, 4]);
  });

  it("is 1 and −1 for monotone relations and NaN where nothing varies", () => {
    expect(spearman([1, 2, 3, 9], [1, 8, 27, 5000])).toBeCloseTo(1, 12);
    expect(pearson([1, 2, 3], [6, 4, 2])).toBeCloseTo(-1, 12);
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
  });

  it("gives Spearman's 1 − 6Σd²/(n(n²−1)) without ties", () => {
    const [a, b] = [
      [1, 2, 3, 4, 5],
      [2, 1, 4, 3, 5],
    ];
    expect(spearman(a, b)).toBeCloseTo(1 - (6 * 4) / (5 * 24), 12);
  });
});

describe("percentiles", () => {
  it("lie between ranks", () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(percentile([4, 1, 3, 2], 0)).toBe(1);
    expect(percentile([4, 1, 3, 2], 1)).toBe(4);
    expect(percentile([NaN, 7], 0.3)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe("seeded samples", () => {
  it("follow mulberry32, as computed apart in arbitrary-precision integers for seed 0", () => {
    const random = randomFrom(0);
    expect(Math.floor(random() * 2 ** 32)).toBe(1144304738);
    expect(Math.floor(random() * 2 ** 32)).toBe(1416247);
  });

  it("are the same list for a seed, another for another, each item once", () => {
    expect(shuffled(50, 3)).toEqual(shuffled(50, 3));
    expect(shuffled(50, 3)).not.toEqual(shuffled(50, 4));
    expect(shuffled(50, 3).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
  });

  it("take all of a population that is smaller", () => {
    expect(sample(["a", "b"], 5, 1).toSorted()).toEqual(["a", "b"]);
    expect(sample([1, 2, 3], 0, 1)).toEqual([]);
  });

  it("choose every member equally often", () => {
    const counts = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 5000; seed++)
      for (const i of sample([...counts.keys()], 3, seed)) counts[i]++;
    // binomial(5000, 0.3): mean 1500, sd 32.4; five sd
    for (const count of counts) expect(Math.abs(count - 1500)).toBeLessThan(162);
  });
});
