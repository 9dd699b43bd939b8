import { expect, it } from "vitest";
import { createRandom } from "../../test/support/seeded.ts";
import { valueAtRank } from "./quantile.ts";

it("gives the value that sorting gives, of either sign, in any pieces", () => {
  const random = createRandom(3);
  const values = Float32Array.from(
    { length: 10_007 },
    () => (random() - 0.6) * 10 ** Math.floor(random() * 12 - 6),
  );
  values.set([0, -0, NaN, Infinity, -Infinity, 1e-42, -1e-42], 40); // two that are hardly there, three that are not
  const sorted = values.filter((value) => Number.isFinite(value)).toSorted();
  const pieces = [
    values.subarray(0, 1),
    values.subarray(1, 4000),
    values.subarray(4000, 4000),
    values.subarray(4000),
  ];
  for (const share of [0, 0.001, 0.05, 0.5, 0.6, 0.99, 1]) {
    const rank = Math.max(0, Math.ceil(share * sorted.length) - 1);
    expect(
      valueAtRank(() => pieces, share),
      `share ${share}`,
    ).toBe(sorted[rank]);
  }
});

it("has no value of nothing", () => {
  expect(valueAtRank(() => [Float32Array.of(NaN, Infinity)], 0.5)).toBeNull();
});
