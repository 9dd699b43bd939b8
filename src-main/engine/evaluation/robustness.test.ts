import { describe, expect, it } from "vitest";
import { flipConsistency, mirrored, shiftConsistency, shifted } from "./consistency.ts";
import { methodAgreement } from "./method-agreement.ts";
import { evaluatedImage } from "./planes.ts";
import { centreMap, edgeMap, meanActivationMap, randomMap } from "./references.ts";
import { noisyCopy, sensitivity } from "./sensitivity.ts";

const logits = Float32Array.of(1, 0);

describe("sensitivity", () => {
  const map = Float32Array.of(3, 4, 0, 0); // ‖h‖ = 5

  it("is the largest and the mean relative change", () => {
    const copies = [
      { map: Float32Array.of(3, 4, 1, 0), logits },
      { map: Float32Array.of(0, 4, 0, 4), logits },
    ];
    const found = sensitivity({ map, logits }, copies);
    expect(found?.max).toBeCloseTo(1, 12); // √(9 + 16) / 5
    expect(found?.average).toBeCloseTo((0.2 + 1) / 2, 12);
  });

  it("is 0 of a map that ignores its input, and none without a copy", () => {
    expect(sensitivity({ map, logits }, [{ map, logits }])).toMatchObject({ max: 0, average: 0 });
    expect(sensitivity({ map, logits }, [])).toBeNull();
  });

  it("counts a zero norm as 1", () => {
    const zero = new Float32Array(4);
    expect(sensitivity({ map: zero, logits }, [{ map, logits }])?.max).toBeCloseTo(5, 12);
  });

  it("holds output stability to the change of the logits, heat at 0.01 or more", () => {
    const copy = { map: Float32Array.of(3.3, 4, 0, 0), logits: Float32Array.of(1, 0.5) };
    // |Δh/h| = 0.1, ‖Δy‖ = 0.5
    expect(sensitivity({ map, logits }, [copy])?.outputStability).toBeCloseTo(0.2, 5);
  });

  it("copies with more noise move further, and so do their maps", () => {
    const input = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i));
    const moved = [0.02, 0.1, 0.3].map((radius) => {
      const copies = [1, 2, 3, 4].map((seed) => noisyCopy(input, radius, seed));
      for (const copy of copies)
        copy.forEach((value, i) => expect(Math.abs(value - input[i])).toBeLessThanOrEqual(radius));
      // An explainer that shows its input as it is.
      const maps = copies.map((copy) => ({ map: copy, logits }));
      return sensitivity({ map: input, logits }, maps)?.average ?? NaN;
    });
    expect(moved[0]).toBeLessThan(moved[1]);
    expect(moved[1]).toBeLessThan(moved[2]);
    expect(noisyCopy(input, 0.1, 1)).toEqual(noisyCopy(input, 0.1, 1));
  });
});

describe("geometric consistency", () => {
  const image = evaluatedImage(
    { dims: [1, 2, 3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) },
    "NHWC",
  );

  it("mirrors and moves an input, channels together, edges repeated", () => {
    expect([...mirrored(image)]).toEqual([5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8]);
    expect([...shifted(image, { dx: 1, dy: 0 })]).toEqual([1, 2, 1, 2, 3, 4, 7, 8, 7, 8, 9, 10]);
    expect([...shifted(image, { dx: 0, dy: 1 })]).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]);
  });

  it("is 1 where the map moves with its input, and less where it stays", () => {
    const map = Float32Array.of(0, 1, 5, 2, 7, 3, 1, 0, 4);
    const flipped = Float32Array.of(5, 1, 0, 3, 7, 2, 4, 0, 1);
    expect(flipConsistency(map, flipped, [3, 3])).toBeCloseTo(1, 12);
    expect(flipConsistency(map, map, [3, 3])).toBeLessThan(0.9);
    const moved = Float32Array.of(9, 0, 1, 9, 2, 7, 9, 1, 0); // one cell to the right
    expect(shiftConsistency(map, moved, [3, 3], { dx: 1, dy: 0 })).toBeCloseTo(1, 12);
    const down = Float32Array.of(9, 9, 9, 0, 1, 5, 2, 7, 3);
    expect(shiftConsistency(map, down, [3, 3], { dx: 0, dy: 1 })).toBeCloseTo(1, 12);
  });
});

describe("agreement of methods", () => {
  it("is the mean rank correlation with the others", () => {
    const up = Float32Array.of(1, 2, 3, 4);
    const down = Float32Array.of(4, 3, 2, 1);
    const found = methodAgreement([up, up.map((value) => value ** 3), down, null]);
    expect(found[0]).toBeCloseTo(0, 12); // (1 − 1) / 2
    expect(found[2]).toBeCloseTo(-1, 12);
    expect(found[3]).toBeNaN();
    expect(methodAgreement([up])[0]).toBeNaN();
  });
});

describe("reference maps", () => {
  it("are random by the seed, and a Gaussian of a quarter of the sides in the middle", () => {
    expect(randomMap([4, 4], 3)).toEqual(randomMap([4, 4], 3));
    expect(randomMap([4, 4], 3)).not.toEqual(randomMap([4, 4], 4));
    const centre = centreMap([5, 5]);
    expect(centre[12]).toBe(1);
    // One cell beside the middle: exp(−0.2² / (2 · 0.25²))
    expect(centre[13]).toBeCloseTo(Math.exp(-0.04 / 0.125), 6);
    expect(centre[13]).toBe(centre[7]);
  });

  it("are Sobel's edges of the picture, averaged to the grid", () => {
    const step = Float32Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 0 : 1));
    const image = evaluatedImage({ dims: [1, 1, 8, 8], data: step }, "NCHW");
    // Magnitude 4 on both sides of the step, 0 elsewhere: half of the two middle columns of cells.
    expect([...edgeMap(image, [1, 4])]).toEqual([0, 2, 2, 0]);
  });

  it("are the mean of the channels", () => {
    const tap = { dims: [1, 2, 1, 2], data: Float32Array.of(1, 2, 3, 6) };
    expect([...meanActivationMap(tap)]).toEqual([2, 4]);
  });
});
