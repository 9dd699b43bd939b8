import { describe, expect, it } from "vitest";
import { coverWith, type Filling } from "./fill.ts";
import { evaluatedImage } from "./planes.ts";
import { stampOf } from "./stamp.ts";

const none = { normals: (count: number) => new Float32Array(count), noise: 0 } as const;

function filling(values: readonly number[], height: number, width: number): Filling {
  const channels = values.length / (height * width);
  const tensor = { dims: [1, channels, height, width], data: Float32Array.from(values) };
  return {
    image: evaluatedImage(tensor, "NCHW"),
    visible: { left: 0, top: 0, right: width, bottom: height },
    ...none,
  };
}

/** Nine pixels, of which the middle one is covered. */
const middle = stampOf(Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0));

describe("mean colour", () => {
  it("fills with the picture's mean, channel by channel", () => {
    const two = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90];
    const covered = coverWith("mean", filling(two, 3, 3))(middle, 1);
    expect(covered[4]).toBe(5);
    expect(covered[9 + 4]).toBe(50);
    expect([...covered].filter((value, i) => value !== two[i])).toEqual([]); // the middle is the mean already
    const spiked = filling([0, 0, 0, 0, 9, 0, 0, 0, 0], 3, 3);
    expect([...coverWith("mean", spiked)(middle, 1)]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });

  it("knows padding from the picture", () => {
    const padded = {
      ...filling([-5, 1, -5, -5, 4, -5, -5, 1, -5], 3, 3),
      visible: { left: 1, top: 0, right: 2, bottom: 3 },
    };
    expect(coverWith("mean", padded)(middle, 1)[4]).toBe(2);
  });

  it("counts an edge by the part of the pixel that the region takes", () => {
    const quarter = stampOf(Float32Array.of(0, 0, 0, 0, 0.25, 0, 0, 0, 0));
    const spiked = filling([0, 0, 0, 0, 9, 0, 0, 0, 0], 3, 3);
    // a quarter of the mean 1, three quarters of what was there
    expect(coverWith("mean", spiked)(quarter, 1)[4]).toBeCloseTo(0.25 + 0.75 * 9, 6);
  });

  it("walks pixels whose channels lie together", () => {
    const tensor = { dims: [1, 1, 2, 2], data: Float32Array.of(0, 8, 4, 2) };
    const image = evaluatedImage(tensor, "NHWC"); // one row of two pixels, two channels
    const visible = { left: 0, top: 0, right: 2, bottom: 1 };
    const stamp = stampOf(Float32Array.of(1, 0));
    expect([...coverWith("mean", { image, visible, ...none })(stamp, 1)]).toEqual([2, 5, 4, 2]);
  });
});

it("blurs by a Gaussian of a twentieth of the width, edges repeated", () => {
  // Width 20, sigma 1, radius 3: weights e^(-d²/2) over 1 + 2(e^-0.5 + e^-2 + e^-4.5) = 2.505950
  const line = Array.from({ length: 20 }, (_, x) => (x === 10 ? 1 : 0));
  const all = stampOf(new Float32Array(20).fill(1));
  const covered = coverWith("blur", filling(line, 1, 20))(all, 1);
  expect(covered[10]).toBeCloseTo(1 / 2.50595, 5);
  expect(covered[12]).toBeCloseTo(Math.exp(-2) / 2.50595, 5);
  expect(covered[14]).toBe(0);
});

it("fills with what the neighbours are, straight ones counting twice", () => {
  // straight neighbours 1, 3, 5, 7; diagonal ones 10: (16/6 + 40/12) / (4/6 + 4/12)
  const values = [10, 1, 10, 3, 0, 5, 10, 7, 10];
  expect(coverWith("neighbours", filling(values, 3, 3))(middle, 1)[4]).toBeCloseTo(6, 4);
});

it("adds the noise of the imputation by its seed", () => {
  const values = [1, 1, 1, 1, 0, 1, 1, 1, 1];
  const noisy: Filling = {
    ...filling(values, 3, 3),
    noise: 0.5,
    normals: (count, seed) => new Float32Array(count).fill(seed),
  };
  expect(coverWith("neighbours", noisy)(middle, 3)[4]).toBeCloseTo(1 + 0.5 * 3, 4);
});

describe("local noise", () => {
  // 7 × 7 of one grey but for one pixel of the ring, which is 8 brighter; a second channel ten times as strong
  const grey = Array.from({ length: 49 }, (_, i) => (i === 8 ? 18 : 10));
  const picture = filling([...grey, ...grey.map((value) => 10 * value)], 7, 7);
  const stamp = stampOf(Float32Array.from({ length: 49 }, (_, i) => Number(i === 24)));

  it("lays the grain of the ring on the smooth surroundings, whole colours at once", () => {
    // Grain: the bright pixel's 8; its straight neighbours' −8·2/12, its diagonal ones' −8/12; on the picture's edge
    // a straight neighbour has 8 weights (−8·2/8) and the corner 5 (−8/5), but the ring's reach of 2 leaves edges out.
    const possible = [10, 18, 10 - 16 / 12, 10 - 8 / 12];
    const drawn = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const covered = coverWith("noise", picture)(stamp, seed);
      const found = possible.find((value) => Math.abs(value - covered[24]) < 1e-3);
      expect(found, String(covered[24])).toBeDefined();
      expect(covered[49 + 24]).toBeCloseTo(10 * covered[24], 2);
      if (found !== undefined) drawn.add(found);
    }
    expect(drawn.size).toBe(possible.length);
  });

  it("is the same for the same seed", () => {
    const cover = coverWith("noise", picture);
    expect(cover(stamp, 5)).toEqual(cover(stamp, 5));
  });
});
