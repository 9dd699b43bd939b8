import { describe, expect, it } from "vitest";
import type { MethodId } from "../../../shared/domain/methods.ts";
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
