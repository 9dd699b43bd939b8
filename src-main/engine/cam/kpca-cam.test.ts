import { describe, expect, it } from "vitest";
import { largestEigenpair } from "../kernels/principal.ts";
import { kpcaCam } from "./kpca-cam.ts";
import type { RawMap } from "./method.ts";

function mapOf(activations: readonly number[], k: number, w: number): RawMap {
  if (!("compute" in kpcaCam)) throw new Error("KPCA-CAM orders no passes");
  const made = kpcaCam.compute({
    activations: Float32Array.from(activations),
    gradients: new Float32Array(0),
    headWeights: { dims: [0], data: new Float32Array(0) },
    k,
    h: activations.length / k / w,
    w,
    logits: Float32Array.of(1),
    seed: Float32Array.of(1),
    target: 0,
  });
  return made instanceof Float32Array ? { map: made } : made;
}

function expectMap({ map }: RawMap, expected: readonly number[]) {
  expect(map.length).toBe(expected.length);
  map.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
}

describe("KPCA-CAM", () => {
  it("follows the algebra of one channel with one hot cell", () => {
    // x = (9/4, −3/4, −3/4, −3/4); by symmetry q = (3, −1, −1, −1) / √12 is the only component
    const kernel = (product: number) => Math.tanh(product + 1);
    const lambda = (9 * (kernel(81 / 16) + kernel(9 / 16)) - 18 * kernel(-27 / 16)) / 12;
    const unit = Math.sqrt(lambda / 12);
    expectMap(mapOf([3, 0, 0, 0], 1, 2), [3 * unit, -unit, -unit, -unit]);
  });

  it("agrees with a dense eigensolver (NumPy's eigh) on the golden tensor", () => {
    const made = mapOf([1, 2, 3, 4, 4, 0, 0, 2, 0, 1, 1, 0], 3, 2);
    expectMap(made, [0.99994568, -0.49939444, -0.70906795, 0.20851671]);
    expect(made.notes).toEqual({ kernelFactor: 1 });
  });

  it("lowers the kernel's factor where tanh would be ±1 everywhere, and notes it", () => {
    const made = mapOf([3, 6, 9, 12, 12, 0, 0, 6, 0, 3, 3, 0], 3, 2);
    expectMap(made, [1.03582897, -0.53194813, -0.72701305, 0.22313221]);
    expect(made.notes?.["kernelFactor"]).toBeCloseTo(4 / 33, 6);
  });

  it("gives zeros when nothing varies", () => {
    expectMap(mapOf(Array(12).fill(2), 3, 2), [0, 0, 0, 0]);
  });

  it("does not change when channels change places or all signs turn", () => {
    const golden = [1, 2, 3, 4, 4, 0, 0, 2, 0, 1, 1, 0];
    const expected = [...mapOf(golden, 3, 2).map];
    expectMap(mapOf([...golden.slice(8), ...golden.slice(0, 8)], 3, 2), expected);
    const turned = golden.map((a) => -a);
    expectMap(mapOf(turned, 3, 2), expected);
  });

  it("refuses grids whose kernel would not fit", () => {
    expect(() => mapOf(Array(33 * 33).fill(1), 1, 33)).toThrow(/33 × 33/);
  });
});

describe("largest eigenpair", () => {
  it("is the algebraically largest, also where a negative one is larger in magnitude", () => {
    // [[−5, 1], [1, 2]]: (−3 ± √53) / 2
    const { value } = largestEigenpair(Float64Array.of(-5, 1, 1, 2), 2);
    expect(value).toBeCloseTo((-3 + Math.sqrt(53)) / 2, 9);
  });
});
