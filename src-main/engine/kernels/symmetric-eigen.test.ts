import { describe, expect, it } from "vitest";
import { createRandom } from "../../../test/support/seeded.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

describe("eigenpairs of a symmetric matrix", () => {
  it("are those worked out by hand", () => {
    // [[2, 1], [1, 2]]: 3 with (1, 1)/√2, 1 with (1, −1)/√2
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
    expect(Math.abs(vectors[0])).toBeCloseTo(Math.SQRT1_2, 12);
    expect(vectors[0] * vectors[1]).toBeCloseTo(0.5, 12);
    expect(vectors[2] * vectors[3]).toBeCloseTo(-0.5, 12);
  });

  it.each([1, 2, 3, 7, 30, 64])("put the matrix of size %i together again", (size) => {
    const random = createRandom(size);
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = 2 * random() - 1;
    const { values, vectors } = symmetricEigen(matrix, size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let [sum, inner] = [0, 0];
        for (let k = 0; k < size; k++) {
          sum += values[k] * vectors[k * size + i] * vectors[k * size + j];
          inner += vectors[i * size + k] * vectors[j * size + k];
        }
        expect(sum).toBeCloseTo(matrix[i * size + j], 10);
        expect(inner).toBeCloseTo(i === j ? 1 : 0, 10);
      }
    expect([...values]).toEqual([...values].toSorted((a, b) => b - a));
  });

  it("settle on matrices of low rank, of zeros and of one number", () => {
    for (const entry of [0, 1, -2]) {
      const { values } = symmetricEigen(new Float64Array(25).fill(entry), 5);
      const sorted = [5 * entry, 0, 0, 0, 0].toSorted((a, b) => b - a);
      sorted.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 10));
    }
  });
});
