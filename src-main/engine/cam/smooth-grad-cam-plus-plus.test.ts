import { describe, expect, it } from "vitest";
import { mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { momentsOf, smoothedWeights, smoothGradCamPlusPlus } from "./smooth-grad-cam-plus-plus.ts";

// base-methods.md, section 5
const activations = Float32Array.of(1, 2, 3, 4, 4, 0, 0, 2, 0, 1, 1, 0);
const gradients = Float32Array.of(0.5, 0.1, -0.2, 0.4, -0.3, 0.2, 0.6, -0.1, 0.2, 0.2, -0.4, 0.1);

describe("Smooth Grad-CAM++", () => {
  it("has Grad-CAM++'s golden weights where all inputs have the same gradient", () => {
    const weights = smoothedWeights(momentsOf([gradients, gradients]), activations, 3);
    [0.171427, 0.169642, 0.212117].forEach((value, channel) =>
      expect(weights[channel]).toBeCloseTo(value, 5),
    );
  });

  it("averages powers, not gradients: 1 and 3 have means 2, 5 and 14 of G, G² and G³", () => {
    const moments = momentsOf([Float32Array.of(1), Float32Array.of(3)]);
    expect(moments.map((own) => own[0])).toEqual([2, 5, 14]);
    // S = 0.5: α = 5 / (10 + 7), w = 2 α
    expect(smoothedWeights(moments, Float32Array.of(0.5), 1)[0]).toBeCloseTo(10 / 17, 6);
  });

  it("asks for four noisy inputs, spread as the preparation's units are", async () => {
    const seen: number[] = [];
    const pixels = 2000;
    const image = { dims: [1, 1, 1, pixels], data: new Float32Array(pixels).fill(5) };
    const item = mapItem({ activations, k: 3, h: 2, w: 2, image, inputSpread: 10, randomSeed: 4 });
    const tools = mapTools({
      gradient: async (images: Tensor, seeds: Tensor) => {
        seen.push(...images.data);
        expect(seeds).toEqual({ dims: [images.dims[0], 1], data: seeds.data.map(() => 1) });
        const rows = images.dims[0];
        const data = Float32Array.from({ length: rows * 12 }, (_, i) => gradients[i % 12]);
        return { activations: images, gradients: { dims: [rows, 3, 2, 2], data } };
      },
    });
    const { map } = await passMap(smoothGradCamPlusPlus, tools, item);
    [0.85, 0.55497, 0.7264, 1.02499].forEach((value, p) => expect(map[p]).toBeCloseTo(value, 5));
    expect(seen.length).toBe(4 * pixels);
    const mean = seen.reduce((sum, x) => sum + x, 0) / seen.length;
    const deviation = Math.sqrt(seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / seen.length);
    expect(Math.abs(mean - 5)).toBeLessThan(0.15); // standard error 0.034
    expect(Math.abs(deviation - 3)).toBeLessThan(0.1); // 0.3 × 10
  });

  it("makes no pass where the head is linear", async () => {
    const headWeights = { dims: [1, 3], data: Float32Array.of(0.2, 0.1, -1) };
    const item = mapItem({ activations, k: 3, h: 2, w: 2, headWeights });
    const { map } = await passMap(smoothGradCamPlusPlus, mapTools({}), item);
    // Per channel n g³ / (2g² + S g³): 0.8 / (2 + 10 · 0.2), 0.4 / (2 + 6 · 0.1), none
    const [first, second] = [0.8 / 4, 0.4 / 2.6];
    [0, 1, 2, 3].forEach((p) =>
      expect(map[p]).toBeCloseTo(first * activations[p] + second * activations[4 + p], 4),
    );
  });
});
