import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { createRandom } from "../../../test/support/seeded.ts";
import { adcc, arcc, coherency } from "./adcc.ts";
import { averageDrop } from "./average-drop.ts";
import { baselineOf } from "./baselines.ts";
import { areaUnder, cellUnits, pixelUnits, planCurves, stepCounts } from "./deletion-insertion.ts";
import { impute } from "./imputation.ts";
import { Passes } from "./passes.ts";
import { evaluatedImage, multiplied, type EvaluatedImage } from "./planes.ts";
import { countOfShare, ranked, tiePermutation } from "./ranks.ts";
import { planRoad, planSufficiency, type RankedPixels } from "./road.ts";
import { drawSubsets, faithfulnessCorrelation, infidelity, planSubsets } from "./subsets.ts";

/** A grey picture `[1,1,h,w]`. */
function grey(h: number, w: number, values: readonly number[]): EvaluatedImage {
  return evaluatedImage({ dims: [1, 1, h, w], data: Float32Array.from(values) }, "NCHW");
}

/** A model whose probability of class 1 is the sum of the picture: the logit of one output. */
const sums = async ({ dims, data }: Tensor): Promise<Tensor> => {
  const size = data.length / dims[0];
  const logits = Float32Array.from({ length: dims[0] }, (_, i) => {
    let p = 0;
    for (const value of data.subarray(i * size, (i + 1) * size)) p += value;
    p = Math.min(1, Math.max(0, p)); // rounding
    return Math.log(p / (1 - p));
  });
  return { dims: [dims[0], 1], data: logits };
};

const zeros = (image: EvaluatedImage) => baselineOf({ kind: "zero-normalised" }, image);

describe("average drop", () => {
  it("of the sum of [.4 .3; .2 .1] under [1 0; 0 0] is 0.6, with no increase", () => {
    const image = grey(2, 2, [0.4, 0.3, 0.2, 0.1]);
    const masked = multiplied(image, Float32Array.of(1, 0, 0, 0), zeros(image));
    const after = masked.reduce((sum, value) => sum + value, 0);
    const found = averageDrop(1, after);
    expect(found).toMatchObject({ drop: expect.closeTo(0.6, 6) as number, increase: 0, gain: 0 });
  });

  it("is 0 where the score rises, whose gain is the part of what was missing", () => {
    expect(averageDrop(0.5, 0.75)).toEqual({ drop: 0, increase: 1, gain: 0.5 });
    expect(averageDrop(1e-7, 0.5)).toBe("weak-score");
  });

  it("multiplies the raw picture when black is what is removed", () => {
    const preparation = { mean: [0.5], std: [0.25] };
    const image = grey(1, 2, [2, -2]); // raw 1 and 0
    const black = baselineOf({ kind: "black", preparation }, image);
    // Half of raw 1 is 0.5, which is 0 when normalised.
    expect([...multiplied(image, Float32Array.of(0.5, 1), black)]).toEqual([0, -2]);
    expect([...baselineOf({ kind: "channel-mean", means: [0.3] }, image)]).toEqual([
      Math.fround(0.3),
      Math.fround(0.3),
    ]);
  });
});

describe("ADCC", () => {
  it("of (.9, .3, .2) is 0.791623, and 0 where a term is", () => {
    expect(adcc(0.9, 0.3, 0.2)).toBeCloseTo(0.791623, 6);
    expect(adcc(0, 0.3, 0.2)).toBe(0);
    expect(adcc(0.9, 0.3, 1)).toBe(0);
  });

  it("takes ROAD doubled and clipped as ARCC", () => {
    // 3 / (1/.9 + 1/.7 + 1/.5) = 0.660839
    expect(arcc(0.9, 0.3, 0.25)).toBeCloseTo(3 / (1 / 0.9 + 1 / 0.7 + 1 / 0.5), 6);
    expect(arcc(0.9, 0.3, 0.9)).toBeCloseTo(adcc(0.9, 0.3, 0), 6);
    expect(arcc(0.9, 0.3, -0.2)).toBeLessThan(1e-7);
  });

  it("has coherency 1 of a map with itself, 0 of its inverse, and an undefined 0 without variation", () => {
    const map = Float32Array.of(0, 0.2, 1, 0.4);
    expect(coherency(map, map).value).toBeCloseTo(1, 12);
    expect(
      coherency(
        map,
        map.map((v) => 1 - v),
      ).value,
    ).toBeCloseTo(0, 6);
    expect(coherency(map, new Float32Array(4))).toEqual({ value: 0, isDefined: false });
    expect(coherency(map, null)).toEqual({ value: 0, isDefined: false });
  });
});

/** Deletion and insertion from a zero baseline, in raster order. */
async function curves(image: EvaluatedImage, steps: number, chunk = 100) {
  const count = image.tensor.data.length;
  const passes = new Passes(image.tensor.dims.slice(1));
  const plan = {
    image,
    units: pixelUnits(Int32Array.from({ length: count }, (_, i) => i)),
    steps,
    map: "m",
    deletion: zeros(image),
    insertion: zeros(image),
  };
  const read = planCurves(plan, passes);
  await passes.run(sums, chunk);
  return { ...read(1), forwards: passes.forwards };
}

describe("deletion and insertion", () => {
  it("of .4 .3 .2 .1 in two steps are 0.4 and 0.6", async () => {
    const { deletion, insertion } = await curves(grey(2, 2, [0.4, 0.3, 0.2, 0.1]), 2);
    [1, 0.3, 0].forEach((score, s) => expect(deletion.scores[s]).toBeCloseTo(score, 6));
    [0, 0.7, 1].forEach((score, s) => expect(insertion.scores[s]).toBeCloseTo(score, 6));
    expect(areaUnder(deletion)).toBeCloseTo(0.4, 6);
    expect(areaUnder(insertion)).toBeCloseTo(0.6, 6);
  });

  it("of five pixels in three steps have fractions 0 .4 .8 1, and are 0.41 and 0.59", async () => {
    const { deletion, insertion } = await curves(grey(1, 5, [0.3, 0.25, 0.2, 0.15, 0.1]), 3);
    expect(deletion.fractions).toEqual([0, 0.4, 0.8, 1]);
    [1, 0.45, 0.1, 0].forEach((score, s) => expect(deletion.scores[s]).toBeCloseTo(score, 6));
    expect(areaUnder(deletion)).toBeCloseTo(0.41, 6);
    expect(areaUnder(insertion)).toBeCloseTo(0.59, 6);
  });

  it("share both ends between maps: 2S forwards of one map, 2(S − 1) of each further", async () => {
    const image = grey(2, 4, [0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.2, 0.1]);
    const passes = new Passes(image.tensor.dims.slice(1));
    passes.know("unmodified", Float32Array.of(0));
    for (const map of ["a", "b"])
      planCurves(
        {
          image,
          units: pixelUnits(Int32Array.from({ length: 8 }, (_, i) => i)),
          steps: 4,
          map,
          deletion: zeros(image),
          insertion: zeros(image),
        },
        passes,
      );
    await passes.run(sums, 3);
    expect(passes.forwards).toBe(2 * 4 + 2 * 3);
  });

  it("are near 0 and near 1 of a model that depends on one planted pixel, removed first", async () => {
    const values = new Array<number>(100).fill(0);
    values[0] = 1;
    const { deletion, insertion } = await curves(grey(10, 10, values), 100);
    expect(areaUnder(deletion)).toBeCloseTo(0.005, 6);
    expect(areaUnder(insertion)).toBeCloseTo(0.995, 6);
  });

  it("remove whole cells of a small map", () => {
    const units = cellUnits(Int32Array.of(3, 0, 1, 2), [2, 2], [4, 4]);
    expect([...units.hottest(1)]).toEqual([10, 11, 14, 15]);
    expect(units.hottest(4)).toHaveLength(16);
  });

  it("step by ceil(P/S), the last with what is left, never more often than there are units", () => {
    expect(stepCounts(5, 3)).toEqual([0, 2, 4, 5]);
    expect(stepCounts(49, 49)).toHaveLength(50);
    expect(stepCounts(3, 32)).toEqual([0, 1, 2, 3]);
  });
});

describe("ranks", () => {
  it("remove 10 % of a map of 94 % zeros when 10 % are asked for", () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i < 60 ? 1 + i : 0));
    const order = ranked(values, tiePermutation(1000, 1), "hottest");
    const removed = order.subarray(0, countOfShare(0.1, 1000));
    expect(removed).toHaveLength(100);
    expect([...removed].filter((place) => values[place] > 0)).toHaveLength(60);
  });

  it("break ties by the seed and not by place", () => {
    const flat = new Float32Array(1000);
    const first = ranked(flat, tiePermutation(1000, 1), "hottest").subarray(0, 100);
    const meanPlace = first.reduce((sum, place) => sum + place, 0) / 100;
    expect(Math.abs(meanPlace - 500)).toBeLessThan(100); // raster order: 50
    expect(ranked(flat, tiePermutation(1000, 1), "hottest").subarray(0, 100)).toEqual(first);
    expect(ranked(flat, tiePermutation(1000, 2), "hottest").subarray(0, 100)).not.toEqual(first);
  });

  it("swap when the map is inverted, ties and all", () => {
    const values = Float32Array.from({ length: 200 }, (_, i) => ((i * 7) % 5) / 4);
    const ties = tiePermutation(200, 3);
    const inverted = values.map((value) => 1 - value);
    expect(ranked(inverted, ties, "hottest")).toEqual(ranked(values, ties, "coldest"));
    expect(ranked(inverted, ties, "coldest")).toEqual(ranked(values, ties, "hottest"));
  });
});

describe("noisy linear imputation", () => {
  const image = grey(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const none = () => 0;

  it("of 1..9 gives 5 for the centre, 3.4 for a corner, and solves two neighbours jointly", () => {
    expect(impute(image, Int32Array.of(4), none).data[4]).toBeCloseTo(5, 5);
    expect(impute(image, Int32Array.of(0), none).data[0]).toBeCloseTo(3.4, 5);
    const { data } = impute(image, Int32Array.of(4, 5), none);
    expect(data[4]).toBeCloseTo(4.913043, 5);
    expect(data[5]).toBeCloseTo(5.478261, 5);
    expect([data[0], data[8]]).toEqual([1, 9]);
    expect(image.tensor.data[4]).toBe(5); // never modified
  });

  it("of everything is the mean, and says so", () => {
    const all = impute(
      image,
      Int32Array.from({ length: 9 }, (_, i) => i),
      none,
    );
    expect([...all.data]).toEqual(new Array(9).fill(5));
    expect(all.isAllRemoved).toBe(true);
  });

  it("continues a plane inside a blob, in every channel and layout", () => {
    const side = 24;
    const data = Float32Array.from({ length: side * side * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      return (pixel % side) * ((at % 3) + 1) + Math.floor(pixel / side);
    });
    const colour = evaluatedImage({ dims: [1, side, side, 3], data }, "NHWC");
    const blob = Int32Array.from(
      Array.from({ length: side * side }, (_, p) => p).filter((p) => {
        const [y, x] = [Math.floor(p / side), p % side];
        return y > 3 && y < 20 && x > 3 && x < 20;
      }),
    );
    // A linear picture is its own weighted mean: away from the frame the exact solution is the picture.
    const { data: filled, iterations } = impute(colour, blob, none);
    expect(iterations).toBeLessThan(200);
    filled.forEach((value, at) => expect(Math.abs(value - data[at])).toBeLessThan(0.02));
  });

  it("takes ten steps where half of 224 × 224 is scattered, some forty for one blob", () => {
    const side = 224;
    const random = createRandom(5);
    const noisy = grey(
      side,
      side,
      Array.from({ length: side * side }, () => random()),
    );
    const half = (side * side) / 2;
    const scattered = tiePermutation(side * side, 2).subarray(0, half);
    const blob = Int32Array.from({ length: half }, (_, i) => i + half / 2);
    const few = impute(noisy, scattered, none).iterations;
    const many = impute(noisy, blob, none).iterations;
    // With the diagonal alone: 15 and 298.
    expect(few).toBeLessThan(15);
    expect(many).toBeLessThan(60);
    expect(many).toBeGreaterThan(few);
  });

  it("adds the noise it is given to removed values alone", () => {
    const { data } = impute(image, Int32Array.of(4), (at) => at);
    expect(data[4]).toBeCloseTo(9, 5);
    expect(data[3]).toBe(4);
  });
});

describe("ROAD", () => {
  const values = Array.from({ length: 64 }, (_, i) => (i === 27 ? 0.9 : 0.1 / 63));
  const image = grey(8, 8, values);
  const planted = Float32Array.from(values);

  async function road(map: Float32Array) {
    const ties = tiePermutation(64, 1);
    const pixels: RankedPixels = {
      hottest: ranked(map, ties, "hottest"),
      coldest: ranked(map, ties, "coldest"),
      impute: (removed) => impute(image, removed, () => 0).data,
    };
    const passes = new Passes(image.tensor.dims.slice(1));
    const read = planRoad({ pixels, shares: [0.2, 0.4, 0.6, 0.8], map: "m" }, passes);
    const readShares = planSufficiency({ pixels, share: 0.15, map: "m" }, passes);
    await passes.run(sums, 5);
    return { ...read(1), ...readShares(1, 1), forwards: passes.forwards };
  }

  it("is high of a map that knows the pixel, and inverting the map swaps its curves exactly", async () => {
    const right = await road(planted);
    const wrong = await road(planted.map((value) => 1 - value));
    expect(right.road).toBeGreaterThan(0.3);
    expect(wrong.road).toBe(-right.road);
    expect(wrong.morf).toEqual(right.lerf);
    expect(wrong.lerf).toEqual(right.morf);
    expect(right.stillPredicted).toEqual([0, 0, 0, 0]);
    expect(right.forwards).toBe(10);
  });

  it("finds the pixel's removal necessary, and the pixel alone enough", async () => {
    const { necessity, sufficiency } = await road(planted);
    expect(necessity).toBeGreaterThan(0.85);
    expect(sufficiency).toBeGreaterThan(0.85);
  });
});

describe("random subsets", () => {
  const side = 8;
  const values = Array.from({ length: 64 }, (_, i) => (1 + (i % 5)) / 64 / 4);
  const image = grey(side, side, values);
  const subsets = drawSubsets(image.planes, { count: 60, grid: 4, share: 0.2, seed: 5 });

  async function lost() {
    const passes = new Passes(image.tensor.dims.slice(1));
    const read = planSubsets({ image, subsets, baseline: zeros(image) }, passes);
    await passes.run(sums, 7);
    return read(
      1,
      values.reduce((sum, value) => sum + value, 0),
    );
  }

  it("are fifths of the superpixels, whole, and the same for a seed", () => {
    for (const pixels of subsets) {
      expect(pixels).toHaveLength(3 * 4); // round(16 · 0.2) cells of 2 × 2
      expect(new Set(pixels).size).toBe(12);
    }
    expect(drawSubsets(image.planes, { count: 60, grid: 4, share: 0.2, seed: 5 })).toEqual(subsets);
  });

  it("correlate +1 with a perfect map, −1 with its inverse", async () => {
    const perfect = Float32Array.from(values);
    const losses = await lost();
    expect(faithfulnessCorrelation(perfect, subsets, losses)).toBeCloseTo(1, 4);
    const inverted = perfect.map((value) => -value);
    expect(faithfulnessCorrelation(inverted, subsets, losses)).toBeCloseTo(-1, 4);
    expect(faithfulnessCorrelation(new Float32Array(64), subsets, losses)).toBeNaN();
  });

  it("leave no infidelity to a map that foretells each loss, at whatever scale", async () => {
    const losses = await lost();
    const against = { image, baseline: zeros(image) };
    // The score is the sum: ∂f/∂x = 1 everywhere.
    const even = new Float32Array(64).fill(1);
    expect(infidelity(even, subsets, losses, against)).toBeLessThan(1e-10);
    expect(infidelity(even.fill(1000), subsets, losses, against)).toBeLessThan(1e-10);
    const left = Float32Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 1 : 0));
    expect(infidelity(left, subsets, losses, against)).toBeGreaterThan(1e-4);
    expect(infidelity(new Float32Array(64), subsets, losses, against)).toBeNaN();
  });
});

describe("passes", () => {
  it("answer alike one by one and a hundred at a time, and run one key once", async () => {
    const ask = async (chunk: number) => {
      const passes = new Passes([1, 1, 2]);
      const answers = Array.from({ length: 30 }, (_, i) =>
        passes.ask(`${i % 25}`, () => Float32Array.of(0.01 * (i % 25), 0.1)),
      );
      await passes.run(sums, chunk);
      return { logits: answers.map(({ logits }) => [...logits]), forwards: passes.forwards };
    };
    const one = await ask(1);
    expect(one.forwards).toBe(25);
    expect(await ask(100)).toEqual(one);
  });

  it("keep what they had when a pass fails", async () => {
    const passes = new Passes([1, 1, 1]);
    const [known, unknown] = [0.2, 0.3].map((value) =>
      passes.ask(String(value), () => Float32Array.of(value)),
    );
    let calls = 0;
    const failing = (images: Tensor) =>
      ++calls === 2 ? Promise.reject(new Error("out of memory")) : sums(images);
    await expect(passes.run(failing, 1)).rejects.toThrow("out of memory");
    expect(known.logits[0]).toBeCloseTo(Math.log(0.25), 5);
    expect(() => unknown.logits).toThrow(RangeError);
    expect(passes.forwards).toBe(1);
    await passes.run(sums, 1);
    expect(unknown.logits[0]).toBeCloseTo(Math.log(0.3 / 0.7), 5);
  });
});

describe("RISE's blur", () => {
  it("keeps a flat picture and spreads a point by an 11 × 11 Gaussian of σ 5", () => {
    const flat = grey(5, 5, new Array(25).fill(0.7));
    for (const value of baselineOf({ kind: "blur" }, flat)) expect(value).toBeCloseTo(0.7, 6);
    const point = grey(
      21,
      21,
      Array.from({ length: 441 }, (_, i) => (i === 220 ? 1 : 0)),
    );
    const blurred = baselineOf({ kind: "blur" }, point);
    const weights = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / 50));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expect(blurred[220]).toBeCloseTo((1 / total) ** 2, 6);
    expect(blurred[220 + 5 * 21 + 5]).toBeCloseTo((weights[0] / total) ** 2, 6);
    expect(blurred[220 + 6]).toBe(0);
  });
});
