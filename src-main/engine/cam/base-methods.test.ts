import { describe, expect, it } from "vitest";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import { methodById } from "./registry.ts";

// base-methods.md, section 5: three channels of 2×2
const activations = Float32Array.of(1, 2, 3, 4, 4, 0, 0, 2, 0, 1, 1, 0);
const gradients = Float32Array.of(0.5, 0.1, -0.2, 0.4, -0.3, 0.2, 0.6, -0.1, 0.2, 0.2, -0.4, 0.1);

/** The map of the golden tensors by a method that is a pure function. */
function mapOf(id: MethodId, a = activations, g = gradients): number[] {
  const method = methodById(id);
  if ("map" in method) throw new Error(`${id} orders passes of its own`);
  const made = method.compute({
    activations: a,
    gradients: g,
    headWeights: { dims: [1, 3], data: Float32Array.of(0.2, 0.1, 0.025) },
    k: 3,
    h: 2,
    w: 2,
    logits: Float32Array.of(1),
    seed: Float32Array.of(1),
    target: 0,
  });
  return [...(made instanceof Float32Array ? made : made.map)];
}

describe("golden vectors", () => {
  const goldens: [MethodId, number[]][] = [
    ["grad-cam", [0.6, 0.425, 0.625, 1.0]],
    ["hirescam", [-0.7, 0.4, -1.0, 1.4]],
    ["grad-cam-elementwise", [0.5, 0.4, 0, 1.6]],
    ["layercam", [0.5, 0.4, 0, 1.6]],
    ["grad-cam++", [0.85, 0.55497, 0.7264, 1.02499]],
    ["xgrad-cam", [-0.76333, 0.24, 0.41, 0.21333]],
    ["cam", [2.4, 1.7, 2.5, 4.0]], // weights over n = 4: four times Grad-CAM's
  ];
  for (const [id, expected] of goldens)
    it(`${id} gives the published numbers`, () => {
      mapOf(id).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    });
});

describe("EigenCAM", () => {
  it("gives the golden projection with its sign rule", () => {
    [2.90791, -1.30668, -1.65237, 0.05114].forEach((value, i) =>
      expect(mapOf("eigen-cam")[i]).toBeCloseTo(value, 5),
    );
  });

  it("notes the share of the first component: 12.89631 of 17", () => {
    const method = methodById("eigen-cam");
    if ("map" in method) throw new Error("EigenCAM orders no passes");
    const made = method.compute({
      activations,
      gradients,
      headWeights: { dims: [0], data: new Float32Array(0) },
      k: 3,
      h: 2,
      w: 2,
      logits: Float32Array.of(1),
      seed: Float32Array.of(1),
      target: 0,
    });
    const notes = made instanceof Float32Array ? undefined : made.notes;
    expect(notes?.["firstComponentShare"]).toBeCloseTo(
      12.89631 / (12.89631 + 4.08471 + 0.01898),
      5,
    );
  });

  it("does not change when channels change places or all signs turn", () => {
    const expected = mapOf("eigen-cam");
    const turned = activations.map((a) => -a);
    const moved = Float32Array.of(...activations.slice(8), ...activations.slice(0, 8));
    mapOf("eigen-cam", turned).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    mapOf("eigen-cam", moved).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });

  it("gives zeros when nothing varies", () => {
    expect(mapOf("eigen-cam", new Float32Array(12).fill(2))).toEqual([0, 0, 0, 0]);
  });
});

describe("EigenGradCAM", () => {
  it("takes the sign of HiResCAM", () => {
    const hiRes = mapOf("hirescam");
    const map = mapOf("eigen-grad-cam");
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const product = map.reduce((sum, v, i) => sum + v * (hiRes[i] - mean(hiRes)), 0);
    expect(product).toBeGreaterThan(0);
    expect(mean(map)).toBeCloseTo(0, 6); // centred
  });
});

describe("scaling the score", () => {
  const scaled: MethodId[] = [
    "grad-cam",
    "hirescam",
    "grad-cam-elementwise",
    "layercam",
    "eigen-grad-cam",
  ];
  for (const id of scaled)
    it(`${id} scales with a positive factor`, () => {
      const doubled = mapOf(
        id,
        activations,
        gradients.map((g) => 3 * g),
      );
      mapOf(id).forEach((value, i) => expect(doubled[i]).toBeCloseTo(3 * value, 5));
    });

  it("turns HiResCAM and Grad-CAM into their counter-maps with a factor of −1", () => {
    for (const id of ["grad-cam", "hirescam"] as const) {
      const turned = mapOf(
        id,
        activations,
        gradients.map((g) => -g),
      );
      mapOf(id).forEach((value, i) => expect(turned[i]).toBeCloseTo(-value, 6));
    }
  });
});

describe("edges", () => {
  it("gives a channel whose activations cancel its mean gradient in XGrad-CAM", () => {
    // channel 0 sums to 0: w = mean(G) = 0.25; the others are dead
    const a = Float32Array.of(1, -1, 2, -2, ...new Float32Array(8));
    const g = Float32Array.of(1, 0, 0, 0, ...new Float32Array(8));
    expect(mapOf("xgrad-cam", a, g)).toEqual([0.25, -0.25, 0.5, -0.5]);
  });

  it("never divides by 0 in Grad-CAM++", () => {
    // 2G² + S·G³ = 0 at G = −2/S; with S = −2 that is G = 1
    const a = Float32Array.of(-2, 0, 0, 0, ...new Float32Array(8));
    const g = Float32Array.of(1, 0, 0, 0, ...new Float32Array(8));
    expect(mapOf("grad-cam++", a, g).every(Number.isFinite)).toBe(true);
  });
});
