import { describe, expect, it } from "vitest";
import { neyman, proportional } from "./allocation.ts";
import { drawUnequal, inclusionProbabilities } from "./inclusion.ts";
import { secondReadingSize } from "./sample-size.ts";
import { expectedMargin, listText, samplingPlan, secondReading } from "./sampling-plan.ts";
import { auditKeys, strata, type SamplingItem } from "./strata.ts";

let made = 0;
const items = (count: number, ...keys: string[]): SamplingItem[] =>
  Array.from({ length: count }, () => ({ id: `i${String(made++).padStart(6, "0")}`, keys }));
const shape = (parts: ReturnType<typeof strata>) =>
  parts.map(({ cells, members }) => [
    cells.map((cell) => cell.join("/")).join(" + "),
    members.length,
  ]);

describe("strata", () => {
  it("are class × right or wrong × source", () => {
    expect(auditKeys({ class: "lung", isRight: false, source: "A" })).toEqual([
      "lung",
      "wrong",
      "A",
    ]);
    expect(auditKeys({ class: null, isRight: null, source: null })).toEqual(["", "", ""]);
    const parts = strata([...items(30, "a", "right", "x"), ...items(20, "a", "wrong", "x")]);
    expect(shape(parts)).toEqual([
      ["a/right/x", 30],
      ["a/wrong/x", 20],
    ]);
  });

  it("under 20 merge over sources first", () => {
    const parts = strata([
      ...items(40, "a", "right", "x"),
      ...items(12, "a", "right", "y"),
      ...items(11, "a", "right", "z"),
      ...items(25, "a", "wrong", "x"),
    ]);
    expect(shape(parts)).toEqual([
      ["a/right/x", 40],
      ["a/right/y + a/right/z", 23],
      ["a/wrong/x", 25],
    ]);
  });

  it("then join the smallest beside them, over outcomes, over classes", () => {
    const parts = strata([
      ...items(40, "a", "right", "x"),
      ...items(30, "a", "right", "y"),
      ...items(5, "a", "wrong", "x"), // joins a/right/y
      ...items(6, "b", "right", "x"),
      ...items(7, "b", "wrong", "x"), // class b has 13 in all, and c 8: 21 together
      ...items(8, "c", "right", "x"),
    ]);
    expect(shape(parts)).toEqual([
      ["a/right/x", 40],
      ["a/right/y + a/wrong/x", 35],
      ["b/right/x + b/wrong/x + c/right/x", 21],
    ]);
  });

  it("of many small classes join a few at a time", () => {
    const parts = strata([..."abcdefg"].flatMap((name) => items(8, name)));
    expect(shape(parts)).toEqual([
      ["a + b + c + g", 32], // g is left over
      ["d + e + f", 24],
    ]);
  });

  it("leave one small stratum only of a small population, and none of nobody", () => {
    expect(strata([...items(3, "a"), ...items(4, "b")])).toHaveLength(1);
    expect(strata([])).toEqual([]);
  });

  it("do not depend on the order of the items", () => {
    const all = [...items(30, "a"), ...items(5, "b"), ...items(40, "c")];
    expect(strata(all.toReversed())).toEqual(strata(all));
  });
});

describe("allocation", () => {
  it("is proportional over a floor of 10", () => {
    expect(proportional([600, 300, 100], 100)).toEqual([60, 30, 10]);
    // The floor takes 10 for the last; 90 are shared 600 : 360.
    expect(proportional([600, 360, 40], 100)).toEqual([56, 34, 10]);
    expect(proportional([500, 4], 50)).toEqual([46, 4]);
  });

  it("of Neyman follows N √(p(1 − p)), the guess held in 0.05 … 0.5", () => {
    // 1000·0.3 : 1000·0.5 = 3 : 5
    expect(
      neyman(
        [
          { size: 1000, guess: 0.1 },
          { size: 1000, guess: 0.5 },
        ],
        80,
      ),
    ).toEqual([30, 50]);
    const clamped = neyman(
      [
        { size: 1000, guess: 0 },
        { size: 1000, guess: 0.05 },
        { size: 1000, guess: 0.95 },
        { size: 1000, guess: NaN },
      ],
      200,
    );
    expect(clamped[0]).toBe(clamped[1]);
    expect(clamped[2]).toBe(clamped[3]);
  });

  it("gives the least variance that whole numbers can, tried over all", () => {
    const shares = [
      { size: 50, guess: 0.1 },
      { size: 30, guess: 0.4 },
      { size: 20, guess: 0.5 },
    ];
    const variance = (counts: readonly number[]) =>
      shares.reduce(
        (sum, { size, guess }, s) => sum + (size ** 2 * guess * (1 - guess)) / counts[s],
        0,
      );
    let least = Infinity;
    for (let a = 2; a <= 13; a++)
      for (let b = 2; b <= 15 - a; b++) least = Math.min(least, variance([a, b, 17 - a - b]));
    expect(variance(neyman(shares, 17))).toBeCloseTo(least, 12);
  });

  it("sums to the size, never over a stratum, whatever is asked", () => {
    for (const size of [0, 1, 3, 25, 61, 70, 500]) {
      const counts = proportional([40, 20, 7, 3], size);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(Math.min(70, size));
      counts.forEach((count, s) => expect(count).toBeLessThanOrEqual([40, 20, 7, 3][s]));
    }
    expect(proportional([], 5)).toEqual([]);
  });
});

describe("sampling plan", () => {
  const population = [
    ...items(400, "a", "right", "x"),
    ...items(300, "b", "right", "x"),
    ...items(200, "a", "wrong", "x"),
    ...items(100, "b", "wrong", "x"),
  ];

  it("draws each stratum's share, once, in an order that only the seed decides", () => {
    const plan = samplingPlan(population, { size: 60, seed: 5 });
    expect(plan.items).toHaveLength(60);
    expect(new Set(plan.items).size).toBe(60);
    for (const { members, drawn } of plan.strata)
      expect(plan.items.filter((id) => members.includes(id))).toHaveLength(drawn);
    // the smallest takes its floor of 10; 50 by 400 : 300 : 200 are 22.2, 16.7 and 11.1
    expect(plan.strata.map(({ drawn }) => drawn).toSorted()).toEqual([10, 11, 17, 22]);
    expect(samplingPlan(population.toReversed(), { size: 60, seed: 5 })).toEqual(plan);
    expect(samplingPlan(population, { size: 60, seed: 6 }).items).not.toEqual(plan.items);
    expect(plan.minimum).toBe(20);
  });

  it("merges strata until ten of each fit into the size", () => {
    // Two outcomes of two classes need 40; of 25 the minimum doubles to 320: 400 | 200 + 300 + 100.
    const plan = samplingPlan(population, { size: 25, seed: 5 });
    expect(plan.strata.length * 10).toBeLessThanOrEqual(25);
    expect(plan.items).toHaveLength(25);
    const tiny = samplingPlan(population, { size: 3, seed: 5 });
    expect(tiny.strata).toHaveLength(1);
    expect(tiny.items).toHaveLength(3);
  });

  it("takes everyone when there are fewer, and no one of nobody", () => {
    expect(samplingPlan(population, { size: 5000, seed: 1 }).items).toHaveLength(1000);
    expect(samplingPlan([], { size: 60, seed: 1 })).toMatchObject({ strata: [], items: [] });
    expect(samplingPlan(population, { size: 0, seed: 1 }).items).toEqual([]);
  });

  it("draws every member of a stratum equally often", () => {
    const few = [...items(20, "a"), ...items(40, "b")];
    const counts = new Map(few.map(({ id }) => [id, 0]));
    for (let seed = 0; seed < 2000; seed++)
      for (const id of samplingPlan(few, { size: 30, seed }).items)
        counts.set(id, (counts.get(id) ?? 0) + 1);
    // 10 of 20 and 20 of 40: binomial(2000, ½) has mean 1000, sd 22.4; five sd
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(112);
  });

  it("follows the mean suspicion when it is asked to", () => {
    const suspicion = new Map(
      population.map(({ id, keys }) => [id, keys[1] === "wrong" ? 0.5 : 0.05]),
    );
    const plan = samplingPlan(population, {
      size: 100,
      seed: 1,
      allocation: { kind: "neyman", suspicion },
    });
    const drawnOf = (size: number) =>
      plan.strata.find(({ members }) => members.length === size)?.drawn;
    // 100 by 400·0.2179 : 300·0.2179 : 200·0.5 : 100·0.5 are 28.8, 21.6, 33.0 and 16.5
    expect([400, 300, 200, 100].map(drawnOf)).toEqual([29, 22, 33, 16]);
  });

  it("tells lists apart whatever the names hold", () => {
    expect(listText(["a,b", "c"])).not.toBe(listText(["a", "b,c"]));
    expect(listText(["a\nb"])).not.toBe(listText(["a", "b"]));
  });

  it("states the margin before anyone reads", () => {
    // One stratum, p = 0.5, n = 60 of 1000: 1.96 √(0.94 · 0.25/60)
    const plan = samplingPlan(items(1000, "a"), { size: 60, seed: 1 });
    expect(expectedMargin(plan.strata, 0.5)).toBeCloseTo(0.12266, 4);
    const whole = samplingPlan(items(30, "a"), { size: 30, seed: 1 });
    expect(expectedMargin(whole.strata, 0.5)).toBe(0);
  });

  it("gives the second reader 50 or a tenth of the sample, in another order", () => {
    expect([10, 50, 60, 499, 501, 5000].map(secondReadingSize)).toEqual([10, 50, 50, 50, 51, 500]);
    const plan = samplingPlan(population, { size: 60, seed: 5 });
    const second = secondReading(plan);
    expect(second).toHaveLength(50);
    expect(second.every((id) => plan.items.includes(id))).toBe(true);
    expect(second).not.toEqual(plan.items.filter((id) => second.includes(id)));
    expect(secondReading(plan)).toEqual(second);
  });
});

describe("chances in proportion to suspicion", () => {
  it("sum to the size, within 0.02 … 1", () => {
    const scores = [0, 0.1, 0.2, 0.4, 50, NaN, -1, ...new Array<number>(93).fill(0.1)];
    const chances = inclusionProbabilities(scores, 20);
    expect(chances.reduce((a, b) => a + b, 0)).toBeCloseTo(20, 9);
    expect(chances[0]).toBeCloseTo(0.02, 12);
    expect(chances[4]).toBe(1);
    expect(chances[3] / chances[2]).toBeCloseTo(2, 3);
    expect(inclusionProbabilities([0, 0, 0, 0], 2)).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(inclusionProbabilities([1, 0], 2)).toEqual([1, 1]);
    expect(inclusionProbabilities([], 3)).toEqual([]);
  });

  it("are how often an image is drawn", () => {
    const chances = [0.1, 0.5, 0.9, 1, 0.5];
    const counts = [0, 0, 0, 0, 0];
    for (let seed = 0; seed < 4000; seed++) {
      const drawn = drawUnequal(chances, seed);
      expect(drawn).toHaveLength(3);
      for (const i of drawn) counts[i]++;
    }
    counts.forEach((count, i) => {
      // five standard deviations of binomial(4000, π)
      const sd = Math.sqrt(4000 * chances[i] * (1 - chances[i]));
      expect(Math.abs(count - 4000 * chances[i])).toBeLessThanOrEqual(5 * sd);
    });
  });
});
