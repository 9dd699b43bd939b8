import { describe, expect, it } from "vitest";
import { acceptancePlan } from "./acceptance-plan.ts";
import { binomialAtMost } from "./binomial.ts";
import { hypergeometricAtMost } from "./hypergeometric.ts";
import { operatingCharacteristic } from "./operating-characteristic.ts";
import {
  sequentialBounds,
  sequentialCharacteristic,
  sequentialDecision,
  sequentialPlan,
} from "./sequential-plan.ts";

describe("acceptance plans, golden table of spurious-focus.md 7.5", () => {
  for (const [good, bad, n, c, atGood, atBad] of [
    [0.01, 0.05, 132, 3, 0.956, 0.099],
    [0.01, 0.08, 65, 2, 0.972, 0.099],
    [0.02, 0.1, 65, 3, 0.959, 0.1],
    [0.05, 0.15, 77, 7, 0.962, 0.093],
  ])
    it(`${good * 100} % against ${bad * 100} %`, () => {
      const plan = acceptancePlan({ good, bad });
      expect(plan).toMatchObject({ n, c, model: "binomial" });
      expect(plan.acceptAtGood).toBeCloseTo(atGood, 3);
      expect(plan.acceptAtBad).toBeCloseTo(atBad, 3);
    });

  it("count a finite population where n is over a tenth of it", () => {
    // By trying every n and c with scipy.stats.hypergeom.
    for (const [good, bad, population, n, c, atGood, atBad] of [
      [0.01, 0.05, 240, 92, 2, 1, 0.0968554],
      [0.02, 0.1, 200, 48, 2, 0.9563488, 0.0963933],
      [0.05, 0.15, 100, 46, 4, 0.9817931, 0.0873625],
      [0.02, 0.1, 30, 16, 0, 1, 0.0896552],
      [0.02, 0.1, 7, 7, 0, 1, 0],
    ]) {
      const plan = acceptancePlan({ good, bad, population });
      expect(plan).toMatchObject({ n, c, model: "hypergeometric" });
      expect(plan.acceptAtGood).toBeCloseTo(atGood, 6);
      expect(plan.acceptAtBad).toBeCloseTo(atBad, 6);
    }
    expect(acceptancePlan({ good: 0.01, bad: 0.05, population: 1320 }).model).toBe("binomial");
    expect(acceptancePlan({ good: 0.01, bad: 0.05, population: 1319 }).model).toBe(
      "hypergeometric",
    );
  });

  it("of a good rate of 0 pass with none: 45 of 7.3 at 5 % and 90 %", () => {
    expect(acceptancePlan({ good: 0, bad: 0.05 })).toMatchObject({ n: 45, c: 0, acceptAtGood: 1 });
    expect(acceptancePlan({ good: 0, bad: 1 })).toMatchObject({ n: 1, c: 0 });
  });

  it("need two rates, the good one lower", () => {
    expect(() => acceptancePlan({ good: 0.1, bad: 0.1 })).toThrow(RangeError);
    expect(() => acceptancePlan({ good: NaN, bad: 0.1 })).toThrow(RangeError);
    expect(() => acceptancePlan({ good: 0.1, bad: 0.2, population: 0 })).toThrow(RangeError);
  });
});

describe("chances of findings", () => {
  it("of independent draws and of draws from a population", () => {
    expect(binomialAtMost(3, 132, 0.05)).toBeCloseTo(0.0992283044257829, 12);
    expect(binomialAtMost(500, 10000, 0.05)).toBeCloseTo(0.5118950329565741, 10);
    expect(hypergeometricAtMost(3, 60, { size: 240, marked: 12 })).toBeCloseTo(
      0.6504803058561872,
      10,
    );
    expect(hypergeometricAtMost(7, 60, { size: 1000, marked: 120 })).toBeCloseTo(
      0.5668159995298128,
      10,
    );
  });

  it("at the ends", () => {
    expect(binomialAtMost(-1, 5, 0.5)).toBe(0);
    expect(binomialAtMost(0, 0, 0.5)).toBe(1);
    expect(binomialAtMost(2, 5, 0)).toBe(1);
    expect(binomialAtMost(2, 5, 1)).toBe(0);
    const small = { size: 5, marked: 4 };
    expect(hypergeometricAtMost(1, 3, small)).toBe(0); // three of five hold at least two
    expect(hypergeometricAtMost(3, 3, small)).toBe(1);
    expect(hypergeometricAtMost(2, 3, small)).toBeCloseTo(6 / 10, 12);
  });
});

describe("operating-characteristic curve", () => {
  it("falls from 1 at no findings to 0, through the plan's two chances", () => {
    const curve = operatingCharacteristic({ n: 132, c: 3 }, { highest: 0.1, points: 11 });
    expect(curve.map(({ rate }) => rate)).toHaveLength(11);
    expect(curve[0]).toEqual({ rate: 0, accept: 1 });
    expect(curve[1].accept).toBeCloseTo(0.956, 3);
    expect(curve[5].accept).toBeCloseTo(0.099, 3);
    for (let i = 1; i < curve.length; i++)
      expect(curve[i].accept).toBeLessThan(curve[i - 1].accept);
  });

  it("has the rates that a small population can have", () => {
    const curve = operatingCharacteristic({ n: 2, c: 0 }, { population: 4 });
    expect(curve.map(({ rate }) => rate)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    // C(4 − D, 2) / C(4, 2)
    curve.forEach(({ accept }, i) => expect(accept).toBeCloseTo([1, 0.5, 1 / 6, 0, 0][i], 12));
  });
});

describe("sequential plan", () => {
  const plan = sequentialPlan({ good: 0.01, bad: 0.05 });

  it("has Wald's lines and ends at three single plans", () => {
    expect(plan.slope).toBeCloseTo(0.024985422233589946, 12);
    expect(plan.acceptOffset).toBeCloseTo(1.3638564777733677, 12);
    expect(plan.rejectOffset).toBeCloseTo(1.751017903418798, 12);
    expect(plan.longest).toBe(396);
  });

  it("decides at the lines: pass with none after 55, fail with two at once", () => {
    // slope·n ≥ 1.36386 first at n = 55; slope·2 + 1.751 ≤ 2
    expect(sequentialDecision(plan, { n: 54, findings: 0 })).toBe("continue");
    expect(sequentialDecision(plan, { n: 55, findings: 0 })).toBe("accept");
    expect(sequentialDecision(plan, { n: 2, findings: 2 })).toBe("reject");
    expect(sequentialDecision(plan, { n: 1, findings: 1 })).toBe("continue");
    expect(sequentialBounds(plan, 1)).toEqual({ n: 1, acceptAt: null, rejectAt: null });
    // 396 · slope = 9.894
    expect(sequentialBounds(plan, 396)).toEqual({ n: 396, acceptAt: 9, rejectAt: 10 });
  });

  it("passes the good and fails the bad as simulated apart, 40 000 runs each", () => {
    for (const [rate, accept, meanRead] of [
      [0.01, 0.97, 84.97],
      [0.05, 0.0999, 70.55],
      [0.02, 0.7594, 113.73],
    ]) {
      const exact = sequentialCharacteristic(plan, rate);
      expect(Math.abs(exact.accept - accept)).toBeLessThan(0.009);
      expect(Math.abs(exact.meanRead - meanRead)).toBeLessThan(2.5);
    }
  });

  it("needs rates inside 0..1", () => {
    expect(() => sequentialPlan({ good: 0, bad: 0.1 })).toThrow(RangeError);
  });
});
