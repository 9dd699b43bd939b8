import { describe, expect, it } from "vitest";
import { carryBack, meanOverHeads, meanRow } from "./attention.ts";

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

describe("attention carried back", () => {
  // Two tokens, two blocks. Ā_1 = [[.5,.5],[0,1]], Ā_2 = [[1,0],[.5,.5]].
  // ½Ā+½I: [[.75,.25],[0,1]] and [[1,0],[.25,.75]]; R = second · first = [[.75,.25],[.1875,.8125]].
  const blocks = [Float64Array.of(0.5, 0.5, 0, 1), Float64Array.of(1, 0, 0.5, 0.5)];

  it("rolls the hand case out, the later block from the left", () => {
    expect([...carryBack(meanRow(2, [0]), blocks, [0.5, 0.5])]).toEqual([0.75, 0.25]);
    expect([...carryBack(meanRow(2, [1]), blocks, [0.5, 0.5])]).toEqual([0.1875, 0.8125]);
    expect([...carryBack(meanRow(2, [0, 1]), blocks, [0.5, 0.5])]).toEqual([0.46875, 0.53125]);
  });

  it("adds Ã R to R for relevance: (I + Ã_2)(I + Ã_1)", () => {
    expect([...carryBack(meanRow(2, [0]), blocks, [1, 1])]).toEqual([3, 1]);
    expect([...carryBack(meanRow(2, [1]), blocks, [1, 1])]).toEqual([0.75, 3.25]);
  });

  it("keeps a sum of 1, and spreads evenly where attention is even", () => {
    const [t, heads] = [5, 2];
    const random = Float32Array.from({ length: heads * t * t }, (_, i) => 1 + Math.sin(i * i));
    for (let from = 0; from < random.length; from += t) {
      const row = random.subarray(from, from + t);
      const total = row.reduce((all, value) => all + value, 0);
      row.forEach((value, j) => (row[j] = value / total));
    }
    const uneven = meanOverHeads(random, heads);
    const even = new Float64Array(t * t).fill(1 / t);
    for (const rows of [[0], [0, 1], [0, 1, 2, 3, 4]]) {
      const rolled = carryBack(meanRow(t, rows), [uneven, even, uneven], [0.5, 0.5]);
      expect(sum(rolled)).toBeCloseTo(1, 6);
      const flat = carryBack(meanRow(t, rows), [even, even, even], [0.5, 0.5]);
      const others = [...flat].filter((_, token) => !rows.includes(token));
      for (const value of others) expect(value).toBeCloseTo(others[0], 12);
    }
  });

  it("takes the mean over the heads of what is asked for", () => {
    const p = Float32Array.of(1, 0, 0.5, 0.5, 0, 1, 0.5, 0.5);
    expect([...meanOverHeads(p, 2)]).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect([...meanOverHeads(p, 2, (at) => p[at] ** 2)]).toEqual([0.5, 0.5, 0.25, 0.25]);
  });
});
