import { describe, expect, it } from "vitest";
import { byRow, mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import { isCam } from "./is-cam.ts";
import { writeMasked } from "./masked-inputs.ts";
import { scoreCam } from "./score-cam.ts";
import { ssCam } from "./ss-cam.ts";

/** Two channels on 2×2; the picture has the grid's size, so that masks are the channels, min-max. */
const activations = Float32Array.of(2, 0, 0, 0, 0, 0, 4, 4);
const image = { dims: [1, 1, 2, 2], data: Float32Array.of(1, 2, 3, 4) };
const item = mapItem({ activations, k: 2, h: 2, w: 2, image });
const sum = (row: Float32Array) => row.reduce((total, x) => total + x, 0);
const both = (first: number, second: number) => {
  const [a, b] = [Math.exp(first), Math.exp(second)];
  return [...activations.slice(0, 4)].map((own, p) => (a * own + b * activations[4 + p]) / (a + b));
};

function expectClose(map: Float32Array, expected: readonly number[]) {
  expect(map.length).toBe(expected.length);
  map.forEach((value, p) => expect(value).toBeCloseTo(expected[p], 5));
}

describe("Score-CAM", () => {
  it("weighs channels by the softmax of their scores: 1 and 7 of a model that sums pixels", async () => {
    const tools = mapTools({ forward: byRow((row) => [sum(row) / 10]) });
    expectClose((await passMap(scoreCam, tools, item)).map, both(0.1, 0.7));
  });
});

describe("IS-CAM", () => {
  it("has 0.55 of Score-CAM's scores under a linear model: the mean of 0.1 … 1", async () => {
    const tools = mapTools({ forward: byRow((row) => [sum(row) / 10]) });
    expectClose((await passMap(isCam, tools, item)).map, both(0.055, 0.385));
  });

  it("has 0.385 of them under a squared one: the mean of 0.01 … 1", async () => {
    const tools = mapTools({ forward: byRow((row) => [(sum(row) / 10) ** 2]) });
    expectClose((await passMap(isCam, tools, item)).map, both(0.385 * 0.01, 0.385 * 0.49));
  });

  it("gives zeros where no channel has contrast", async () => {
    const flat = mapItem({ activations: new Float32Array(8).fill(3), k: 2, h: 2, w: 2, image });
    expectClose((await passMap(isCam, mapTools({}), flat)).map, [0, 0, 0, 0]);
  });
});

describe("SS-CAM", () => {
  it("spreads masks by normal noise of deviation 2, the same for all colours, ten times a channel", async () => {
    const side = 40;
    const size = 2 * side * side;
    const seen: Float32Array[] = [];
    const forward = byRow((row) => {
      seen.push(row.slice());
      return [0];
    });
    const wide = mapItem({
      activations,
      k: 2,
      h: 2,
      w: 2,
      image: { dims: [1, 2, side, side], data: new Float32Array(size).fill(1) },
      randomSeed: 3,
    });
    await passMap(ssCam, mapTools({ forward }), wide);
    expect(seen.length).toBe(20);
    expect(seen[4].slice(0, side * side)).toEqual(seen[4].slice(side * side));
    // The difference of two inputs of one channel is that of two noises: deviation √2 · 2.
    const apart = seen[0].map((x, i) => x - seen[1][i]);
    const deviation = Math.sqrt(sum(apart.map((x) => x * x)) / size);
    expect(Math.abs(deviation - Math.sqrt(8))).toBeLessThan(0.2); // standard error 0.05
  });

  it("gives the mean of the channels under a model that says the same of everything", async () => {
    const tools = mapTools({ forward: byRow(() => [1]) });
    const made = await passMap(ssCam, tools, item);
    expectClose(made.map, [1, 0, 2, 2]);
    expect(made.notes).toEqual({ channels: 2 });
  });

  it("leaves all but the 32 channels that vary most out", async () => {
    const k = 40;
    const many = Float32Array.from({ length: k * 4 }, (_, i) => (i % 4 === 0 ? (i >> 2) + 1 : 0));
    let passes = 0;
    const forward = byRow(() => {
      passes++;
      return [1];
    });
    const crowd = mapItem({ activations: many, k, h: 2, w: 2, image });
    const made = await passMap(ssCam, mapTools({ forward }), crowd);
    expect(passes).toBe(320);
    expect(made.notes).toEqual({ channels: 32 });
    expectClose(made.map, [24.5, 0, 0, 0]); // the mean of the heights 9 … 40
  });
});

describe("masks", () => {
  it("leave the picture as it is where they are 1, in either layout", () => {
    const colour = Float32Array.of(1, 2, 3, 4, 5, 6);
    for (const [layout, dims] of [
      ["NCHW", [1, 3, 1, 2]],
      ["NHWC", [1, 1, 2, 3]],
    ] as const) {
      const own = mapItem({
        activations,
        k: 2,
        h: 2,
        w: 2,
        layout,
        image: { dims, data: colour },
      });
      const out = new Float32Array(6);
      writeMasked(own, [1, 1], out);
      expect(out).toEqual(colour);
      writeMasked(own, [0, 1], out);
      expect([...out]).toEqual(layout === "NCHW" ? [0, 2, 0, 4, 0, 6] : [0, 0, 0, 4, 5, 6]);
    }
  });
});
