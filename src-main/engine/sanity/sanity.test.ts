import { describe, expect, it } from "vitest";
import { presets, type Preparation } from "../../../shared/domain/preparation.ts";
import { sheetFigure, sheetSize, sheetVerdict } from "../../../shared/domain/sheet.ts";
import type { WeightLayer } from "../../../shared/domain/weights.ts";
import { stepsOf } from "./cascade.ts";
import { complexityRise, histogramEntropy } from "./complexity.ts";
import { heatAtEdges, noiseInput } from "./null-input.ts";
import { randomised } from "./randomise.ts";
import { classSimilarity, hog, hogCorrelation, similarityOf, ssim } from "./similarity.ts";

describe("the steps of a cascade", () => {
  it("change the head first, then equal shares of the other layers", () => {
    const sizes = stepsOf(21, 5, "cascade").map((step) => step.length);
    expect(sizes).toEqual([1, 6, 11, 16, 21]); // 20 layers in four shares of five
  });

  it("are one layer each where there are few, and never more than there are", () => {
    expect(stepsOf(3, 5, "cascade")).toEqual([[0], [0, 1], [0, 1, 2]]);
    expect(stepsOf(1, 5, "cascade")).toEqual([[0]]);
  });

  it("change each share alone when they are independent, and every layer once", () => {
    const steps = stepsOf(8, 3, "independent");
    expect(steps[0]).toEqual([0]);
    expect(steps.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

function layer(tensors: Record<string, [WeightLayer["tensors"][number]["role"], number[]]>) {
  return {
    name: "layer",
    op: "Conv",
    tensors: Object.entries(tensors).map(([name, [role, values]]) => ({
      name,
      role,
      dims: [values.length],
      values: () => Float32Array.from(values),
    })),
  } satisfies WeightLayer;
}

describe("random weights", () => {
  it("have the mean and the deviation of those they replace", () => {
    const values = Array.from({ length: 40_000 }, (_, i) => 3 + (i % 2 === 0 ? 2 : -2));
    const made = randomised(layer({ w: ["kernel", values] }), 7).get("w") ?? new Float32Array(0);
    const mean = made.reduce((sum, value) => sum + value, 0) / made.length;
    const variance = made.reduce((sum, value) => sum + (value - mean) ** 2, 0) / made.length;
    // Standard errors: 2/√40000 = 0.01 of the mean, 2/√80000 ≈ 0.007 of the deviation; five of each are allowed.
    expect(Math.abs(mean - 3)).toBeLessThan(0.05);
    expect(Math.abs(Math.sqrt(variance) - 2)).toBeLessThan(0.035);
    expect(new Set(made).size).toBeGreaterThan(39_000);
  });

  it("shuffle the statistics of a normalisation together", () => {
    const made = randomised(
      layer({
        mean: ["statistic", [1, 2, 3, 4, 5, 6]],
        var: ["statistic", [10, 20, 30, 40, 50, 60]],
      }),
      3,
    );
    const [mean, variance] = [[...(made.get("mean") ?? [])], [...(made.get("var") ?? [])]];
    expect(mean.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(mean).not.toEqual([1, 2, 3, 4, 5, 6]);
    expect(variance).toEqual(mean.map((value) => 10 * value));
  });

  it("are the same for a seed and others for another", () => {
    const one = layer({ w: ["kernel", [1, 2, 3, 4]], b: ["bias", [1, 2, 3, 4]] });
    expect(randomised(one, 1)).toEqual(randomised(one, 1));
    expect(randomised(one, 1)).not.toEqual(randomised(one, 2));
    const made = randomised(one, 1);
    expect(made.get("w")).not.toEqual(made.get("b"));
  });
});

describe("similarity of maps", () => {
  const a = Float32Array.of(1, 2, 3, 4);

  it("is Spearman of the magnitudes, and of the signed maps for two classes", () => {
    const pair = { h: 2, w: 2, a, b: Float32Array.of(-1, -2, -3, -4) };
    expect(similarityOf(pair)?.spearman).toBeCloseTo(1, 12);
    expect(classSimilarity(pair.a, pair.b)).toBeCloseTo(-1, 12);
    // ranks 1 2 3 4 against 2 1 4 3: 1 − 6·4/(4·15)
    const mixed = { ...pair, b: Float32Array.of(2, 1, 4, 3) };
    expect(similarityOf(mixed)?.spearman).toBeCloseTo(0.6, 12);
  });

  it("is undefined where a map says nothing but rounding", () => {
    const flat = Float32Array.of(1, 1, 1, 1 + 1e-7);
    expect(similarityOf({ h: 2, w: 2, a, b: flat })).toBeNull();
    expect(classSimilarity(a, new Float32Array(4))).toBeNull();
  });

  it("has an SSIM of 1 for the same, and the hand case", () => {
    const x = Float32Array.of(0, 1, 0, 1);
    expect(ssim(x, x, 2, 2)).toBeCloseTo(1, 12);
    // Means ½, sample variances ⅓, covariance −⅓: (½ + c₁)(c₂ − ⅔) / ((½ + c₁)(⅔ + c₂)), c₂ = 0.0009
    expect(ssim(x, Float32Array.of(1, 0, 1, 0), 2, 2)).toBeCloseTo(
      (0.0009 - 2 / 3) / (2 / 3 + 0.0009),
      10,
    );
  });

  it("tells horizontal from vertical edges by their histograms of gradients", () => {
    const across = Float32Array.from({ length: 64 }, (_, i) => i % 8);
    const down = Float32Array.from({ length: 64 }, (_, i) => Math.floor(i / 8));
    expect(hogCorrelation(across, across, 8, 8)).toBeCloseTo(1, 12);
    expect(hogCorrelation(across, down, 8, 8)).toBeLessThan(0);
    // Four cells; in each all the slope is in one bin, so its length is 1 there.
    expect([...hog(across, 8, 8)].filter((value) => value > 0)).toEqual([1, 1, 1, 1]);
  });
});

describe("complexity", () => {
  it("is the entropy of a histogram of 100 bins", () => {
    expect(histogramEntropy(Float32Array.of(2, 2, 2))).toBe(0);
    expect(histogramEntropy(Float32Array.of(0, 0, 1, 1))).toBeCloseTo(Math.LN2, 12);
    expect(
      complexityRise(Float32Array.of(0, 0, 1, 1), Float32Array.of(0, 0.3, 0.6, 1)),
    ).toBeCloseTo(
      1, // ln 4 against ln 2
      12,
    );
    expect(complexityRise(new Float32Array(4), Float32Array.of(0, 1, 2, 3))).toBeNull();
  });
});

describe("inputs that hold nothing", () => {
  const grey: Preparation = {
    preset: "grey-imagenet",
    ...presets["grey-imagenet"],
    geometry: { kind: "stretch" },
    resample: "area",
    widthPx: 40,
    heightPx: 50,
    layout: "NCHW",
  };

  it("are uniform noise over the grey levels", () => {
    const noise = noiseInput(grey, 2000, 1);
    const levels = noise.map((value) => (value * grey.std[0] + grey.mean[0]) * grey.scale);
    expect(Math.min(...levels)).toBeGreaterThanOrEqual(-0.01);
    expect(Math.max(...levels)).toBeLessThanOrEqual(255.01);
    const mean = levels.reduce((sum, value) => sum + value, 0) / levels.length;
    expect(Math.abs(mean - 127.5)).toBeLessThan(5 * (73.6 / Math.sqrt(2000))); // σ of U(0, 255) is 73.6
  });

  it("say how much heat lies at the edges: of an even map, the area", () => {
    const even = heatAtEdges(new Float32Array(100).fill(2), 10, 10);
    expect(even.border).toBeCloseTo(0.36, 6);
    expect(even.corner).toBeCloseTo(0.09, 6);
    expect(heatAtEdges(new Float32Array(100).fill(-1), 10, 10)).toEqual({
      border: null,
      corner: null,
    });
  });
});

describe("the verdict", () => {
  const figure = (mean: number | null, high = mean, defined = 16) => ({
    mean,
    low: mean,
    high,
    defined,
    undefined: 16 - defined,
  });
  const evidence = { images: 16, isClassSpecific: true, randomLogit: figure(0.8) };

  it("passes at its limits and not beyond", () => {
    expect(sheetVerdict({ ...evidence, last: figure(0.3, 0.5) })).toEqual({
      verdict: "passed",
      reasons: [],
    });
    expect(sheetVerdict({ ...evidence, last: figure(0.31, 0.4) }).reasons).toEqual(["spearman"]);
    expect(sheetVerdict({ ...evidence, last: figure(0.1, 0.51) }).reasons).toEqual(["interval"]);
  });

  it("asks for another map for another class, of class-specific methods alone", () => {
    const same = { ...evidence, last: figure(0), randomLogit: figure(1) };
    expect(sheetVerdict(same)).toEqual({ verdict: "failed", reasons: ["random-logit"] });
    expect(sheetVerdict({ ...same, isClassSpecific: false }).verdict).toBe("passed");
  });

  it("is undefined where fewer than half of the maps can be compared", () => {
    expect(sheetVerdict({ ...evidence, last: figure(0, 0, 7) }).verdict).toBe("undefined");
    expect(sheetVerdict({ ...evidence, last: figure(0, 0, 8) }).verdict).toBe("passed");
    expect(sheetVerdict({ ...evidence, last: figure(null, null, 0) }).verdict).toBe("undefined");
    expect(sheetVerdict({ ...evidence, last: null }).verdict).toBe("undefined");
    const noLogit = { ...evidence, last: figure(0), randomLogit: figure(0, 0, 3) };
    expect(sheetVerdict(noLogit).verdict).toBe("undefined");
  });

  it("rests on four images and three steps where a map costs over 50 forward passes", () => {
    expect(sheetSize(50)).toEqual({ images: 16, steps: 5, isReduced: false });
    expect(sheetSize(50.5)).toEqual({ images: 4, steps: 3, isReduced: true });
  });

  it("counts what is undefined apart, and draws whole groups", () => {
    const made = sheetFigure([0.1, null, 0.3, NaN], ["p", "p", "q", "q"], 1);
    expect(made).toMatchObject({ defined: 2, undefined: 2 });
    expect(made.mean).toBeCloseTo(0.2, 12);
    // Two groups of one value each: a resample has the mean 0.1, 0.2 or 0.3, the ends each in a quarter of them.
    expect([made.low, made.high]).toEqual([0.1, 0.3]);
    const one = sheetFigure([0.1, 0.3], ["p", "p"], 1);
    expect(one.low).toBeCloseTo(0.2, 12);
    expect(one.high).toBeCloseTo(0.2, 12);
  });
});
