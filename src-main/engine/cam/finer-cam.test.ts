import { describe, expect, it } from "vitest";
import { toyImages, toySession, toyShape } from "../../../test/support/toy-session.ts";
import { explainBatch } from "./explain.ts";
import { contrastOf } from "./finer-cam.ts";
import { methodById } from "./registry.ts";

const seed = (classes: number, target: number) =>
  Float32Array.from({ length: classes }, (_, c) => Number(c === target));

describe("Finer-CAM", () => {
  it("takes γ / 3 off at the three classes whose logits are nearest, above or below", () => {
    const logits = Float32Array.of(4, 9, 5.5, 0, 6.5, 5);
    const contrast = contrastOf(seed(6, 2), logits, 2, 0.6); // distances 1.5, 3.5, –, 5.5, 1, 0.5
    [-0.2, 0, 1, 0, -0.2, -0.2].forEach((value, c) => expect(contrast[c]).toBeCloseTo(value, 6));
  });

  it("never takes the target for a rival, though another class has the same logit", () => {
    const contrast = contrastOf(seed(3, 1), Float32Array.of(2, 2, 2), 1, 0.6);
    [-0.3, 1, -0.3].forEach((value, c) => expect(contrast[c]).toBeCloseTo(value, 6));
  });

  it("is its base method at γ = 0, and with one output", () => {
    expect(contrastOf(seed(3, 1), Float32Array.of(1, 3, 2), 1, 0)).toEqual(seed(3, 1));
    expect(contrastOf(Float32Array.of(-1), Float32Array.of(0.3), 0, 0.6)).toEqual(
      Float32Array.of(-1),
    );
  });

  it("is Grad-CAM of the class less 0.6 of the mean Grad-CAM of the others, before any ReLU", async () => {
    const session = toySession({ head: "two-layer" });
    const mapOf = async (id: "finer-cam" | "grad-cam", index: number) => {
      const [item] = await explainBatch({
        session,
        methods: [methodById(id)],
        images: toyImages(1),
        layout: "NCHW",
        target: { kind: "class", index },
        labels: [null],
      });
      return item.maps[0].map ?? new Float32Array(0);
    };
    const own = await mapOf("grad-cam", 1);
    const [first, second] = [await mapOf("grad-cam", 0), await mapOf("grad-cam", 2)];
    const finer = await mapOf("finer-cam", 1);
    expect(finer.length).toBe(toyShape.grid ** 2);
    finer.forEach((value, p) =>
      expect(value).toBeCloseTo(own[p] - 0.3 * (first[p] + second[p]), 6),
    );
  });
});
