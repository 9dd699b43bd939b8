import { describe, expect, it } from "vitest";
import { enlargeBlocky, enlargeSmooth, sampleSmooth } from "./enlarge.ts";

const small = [0, 1, 2, 4];

describe("enlarging", () => {
  it("uses half-pixel centres: the reference of base-methods.md 0.4", () => {
    const expected = [
      0, 0.25, 0.75, 1, 0.5, 0.8125, 1.4375, 1.75, 1.5, 1.9375, 2.8125, 3.25, 2, 2.5,
    ];
    expect([...enlargeSmooth(small, 2, 2, 4, 4)]).toEqual([...expected, 3.5, 4]);
  });

  it("leaves a grid of the same size as it is", () => {
    const values = [3, 1, 4, 1, 5, 9];
    expect([...enlargeSmooth(values, 2, 3, 2, 3)]).toEqual(values);
    expect([...enlargeBlocky(values, 2, 3, 2, 3)]).toEqual(values);
  });

  it("repeats cells when blocky", () => {
    expect([...enlargeBlocky([1, 2], 1, 2, 2, 4)]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });

  it("samples one place as the drawn picture has it", () => {
    const drawn = enlargeSmooth(small, 2, 2, 4, 4);
    expect(sampleSmooth(small, 2, 2, 1.5 / 4, 2.5 / 4)).toBeCloseTo(drawn[2 * 4 + 1], 6);
  });
});
