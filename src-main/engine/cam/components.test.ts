import { describe, expect, it } from "vitest";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { denoised, gradCamComponents, onGrid } from "./components.ts";

/** `Σ_r s_r a_r b_rᵀ`, `[k,n]`. */
function product(s: number, a: readonly number[], b: readonly number[]): Float32Array {
  return Float32Array.from(a.flatMap((x) => b.map((y) => s * x * y)));
}

const half = Math.SQRT1_2;

describe("components", () => {
  it("are the activations times the mean slope of their channel", () => {
    const components = gradCamComponents(
      Float32Array.of(1, 2, 3, 4),
      Float32Array.of(1, 0, -2, -4),
      2,
    );
    expect([...components]).toEqual([0.5, 1, -9, -12]);
  });

  it("are read channels first whatever the graph's order", () => {
    const place = { name: "a", grid: [2, 1, 3], layout: "channels-last" } as const;
    const tensor = { dims: [1, 1, 3, 2], data: Float32Array.of(1, 10, 2, 20, 3, 30) };
    expect([...onGrid(tensor, place)]).toEqual([1, 2, 3, 10, 20, 30]);
  });
});

describe("denoising", () => {
  it("keeps the larger of two directions and takes the mean of each channel off", () => {
    // singular values 3 and 1, spatial patterns without a mean; d = max(1, ⌊0.3⌋) = 1
    const strong = product(3, [half, half, 0], [half, -half, 0, 0]);
    const weak = product(1, [half, -half, 0], [0, 0, half, -half]);
    const offset = [5, -2, 7];
    const mixed = strong.map((x, i) => x + weak[i] + offset[Math.floor(i / 4)]);
    const { components, rank } = denoised(mixed, 3);
    expect(rank).toBe(1);
    components.forEach((value, i) => expect(value).toBeCloseTo(strong[i], 5));
  });

  it.each([
    { k: 12, n: 49, rank: 1 },
    { k: 64, n: 49, rank: 4 },
    { k: 25, n: 64, rank: 2 },
  ])(
    "of $k channels and $n places keeps $rank directions, and does nothing twice",
    ({ k, n, rank }) => {
      const values = seededNumbers(k * n, 3).map((x, i) => x + Math.floor(i / n));
      const once = denoised(values, k);
      expect(once.rank).toBe(rank);
      for (let channel = 0; channel < k; channel++) {
        const row = once.components.subarray(channel * n, (channel + 1) * n);
        expect(row.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 4);
      }
      const twice = denoised(once.components, k);
      twice.components.forEach((x, i) => expect(x).toBeCloseTo(once.components[i], 4));
      // No more than `rank` directions are left: any further is orthogonal to what is there.
      expect(rankOf(once.components, k)).toBeLessThanOrEqual(rank);
      expect(Math.max(...once.components)).toBeGreaterThan(0.1);
    },
  );

  it("gives zeros of zeros", () => {
    expect([...denoised(new Float32Array(12), 3).components]).toEqual(Array(12).fill(0));
  });
});

/** Rows left after Gauss–Jordan elimination, numbers below a thousandth of the largest taken for rounding. */
function rankOf(values: Float32Array, k: number): number {
  const n = values.length / k;
  const rows = Array.from({ length: k }, (_, r) => [...values.subarray(r * n, (r + 1) * n)]);
  const largest = Math.max(...values.map(Math.abs));
  let rank = 0;
  for (let column = 0; column < n && rank < k; column++) {
    const pivot = rows.findIndex((row, r) => r >= rank && Math.abs(row[column]) > 1e-3 * largest);
    if (pivot < 0) continue;
    [rows[rank], rows[pivot]] = [rows[pivot], rows[rank]];
    for (let r = rank + 1; r < k; r++) {
      const factor = rows[r][column] / rows[rank][column];
      rows[r] = rows[r].map((x, i) => x - factor * rows[rank][i]);
    }
    rank++;
  }
  return rank;
}
