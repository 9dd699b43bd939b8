import { describe, expect, it } from "vitest";
import { createRandom } from "../../../test/support/seeded.ts";
import { complexity } from "./complexity.ts";
import { finishedMap, minMax } from "./finished-map.ts";

const of = (values: readonly number[]) => {
  const found = complexity(values);
  if (!found) throw new Error("no complexity");
  return found;
};

describe("complexity", () => {
  it("of [0 0; 1 3]: entropy 0.562335, of ln P 0.405639, Gini 0.625, L1 0.333333", () => {
    const map = [...(minMax(Float32Array.of(0, 0, 1, 3)) ?? [])];
    const found = of(map);
    expect(found.entropy).toBeCloseTo(0.562335, 6);
    expect(found.entropyShare).toBeCloseTo(0.405639, 6);
    expect(found.gini).toBeCloseTo(0.625, 6);
    expect(found.l1).toBeCloseTo(1 / 3, 6);
    // exp(0.562335) / 4; two of four above 0.1; the hottest one holds 3/4.
    expect(found.effectiveArea).toBeCloseTo(0.438691, 5);
    expect(found.effectiveComplexity).toBe(0.5);
    expect(found.focus).toBeCloseTo(0.75, 6);
  });

  it("of an even map: entropy ln P, Gini 0; of one hot cell: entropy 0, Gini (P − 1)/P", () => {
    const even = of(new Array(16).fill(0.4));
    expect(even.entropy).toBeCloseTo(Math.log(16), 12);
    expect(even.gini).toBeCloseTo(0, 12);
    expect(even.effectiveArea).toBeCloseTo(1, 12);
    const one = of([0, 0, 1, 0, 0, 0, 0, 0]);
    expect(one.entropy).toBe(0);
    expect(one.gini).toBeCloseTo(7 / 8, 12);
    expect(one.focus).toBe(1);
  });

  it("does not see the sign, and has nothing to say of zeros", () => {
    expect(complexity([-1, 2, -3, 0])).toEqual(complexity([1, -2, 3, 0]));
    expect(complexity(new Float32Array(9))).toBeNull();
    expect(complexity([NaN, 1])).toBeNull();
  });

  it("rises by about ln(stride²) when a map is enlarged", () => {
    const random = createRandom(4);
    const map = Float32Array.from({ length: 49 }, () => random() ** 4);
    const small = finishedMap(map, [7, 7], [7, 7]);
    const large = finishedMap(map, [7, 7], [56, 56]);
    const rise = of([...(large ?? [])]).entropy - of([...(small ?? [])]).entropy;
    expect(Math.abs(rise - Math.log(64))).toBeLessThan(0.35);
  });
});

describe("a finished map", () => {
  it("does not change under positive scaling, nor with a constant where all is positive", () => {
    const raw = Float32Array.of(1, 2, 4, 8);
    const plain = finishedMap(raw, [2, 2], [6, 6]);
    const scaled = finishedMap(
      raw.map((value) => 4 * value),
      [2, 2],
      [6, 6],
    );
    const added = finishedMap(
      raw.map((value) => value + 32),
      [2, 2],
      [6, 6],
    );
    expect(scaled).toEqual(plain);
    added?.forEach((value, i) => expect(value).toBeCloseTo(plain?.[i] ?? NaN, 5));
  });

  it("keeps negative values in the signed view alone", () => {
    const raw = Float32Array.of(-1, 0, 1, 3);
    expect([...(finishedMap(raw, [2, 2], [2, 2], "signed") ?? [])]).toEqual([0, 0.25, 0.5, 1]);
    const positive = finishedMap(raw, [2, 2], [2, 2]) ?? [];
    expect([...positive]).toEqual([0, 0, Math.fround(1 / 3), 1]);
  });

  it("is none of a flat, empty, negative or broken map", () => {
    const none = (values: readonly number[]) =>
      expect(finishedMap(values, [2, 2], [4, 4])).toBeNull();
    none([0, 0, 0, 0]);
    none([2, 2, 2, 2]);
    none([-1, -2, -3, -4]);
    none([0, NaN, 1, 2]);
    none([0, Infinity, 1, 2]);
  });
});
