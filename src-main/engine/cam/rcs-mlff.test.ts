import { describe, expect, it } from "vitest";
import { noStructure } from "../../../shared/domain/structure.ts";
import { mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import {
  seededNumbers,
  toyImages,
  toySession,
  toyShape,
} from "../../../test/support/toy-session.ts";
import { meanPerChannel, weightedSum } from "../kernels/maps.ts";
import { softmax } from "../kernels/scores.ts";
import { toUnit } from "../kernels/unit-map.ts";
import { explainBatch } from "./explain.ts";
import { fusePairs, pairMaps } from "./fusion/fuse-pairs.ts";
import { lastTwoResolutions } from "./fusion/layer-slopes.ts";
import { linearGradients } from "./head.ts";
import { rcsMlff } from "./rcs-mlff.ts";

// rcs-mlff.md 6.2: 2×2, K = 2, pooled head, rows divided by n = 4
const activations = Float32Array.of(4, 2, 0, 0, 0, 2, 0, 4);
const head = { dims: [3, 2], data: Float32Array.of(1, 1, 1, 0, 0, 1).map((w) => w / 4) };

function slopesAgainst(rivals: readonly number[], target = 0, weights = head) {
  const [classes] = weights.dims;
  const gradients = rivals.map((rival) => {
    const seed = new Float32Array(classes);
    seed[target] = 1;
    seed[rival] = -1;
    return linearGradients(weights, seed, 2, 4);
  });
  return { layer: { grid: [2, 2, 2] as const }, activations, gradients };
}

describe("pairs of classes", () => {
  it("have the odds of a softmax between the two", () => {
    const logits = seededNumbers(6, 9).map((value) => 4 * value);
    const p = softmax(logits);
    for (const [c, r] of [
      [0, 1],
      [5, 2],
      [3, 4],
    ] as const)
      expect(1 / (1 + Math.exp(logits[r] - logits[c]))).toBeCloseTo(p[c] / (p[c] + p[r]), 6);
  });

  it("complement each other: the hand case", () => {
    const maps = pairMaps(slopesAgainst([1, 2]), true);
    expect([...(toUnit(maps[0]) ?? [])]).toEqual([0, 0.5, 0, 1]);
    expect([...(toUnit(maps[1]) ?? [])]).toEqual([1, 0.5, 0, 0]);
    expect([...(fusePairs(maps, "max") ?? [])]).toEqual([1, 0.5, 0, 1]);
    expect([...(fusePairs(maps, "mean") ?? [])]).toEqual([0.5, 0.5, 0, 0.5]);
    expect([...(fusePairs(maps, "weighted", [0.25, 0.75]) ?? [])]).toEqual([0.75, 0.5, 0, 0.25]);
    const cam = weightedSum(activations, [1, 1]);
    expect([...cam]).toEqual([4, 4, 0, 4]);
  });

  it("turn their sign when the classes change places", () => {
    const of = (target: number, rival: number) => {
      const { gradients } = slopesAgainst([rival], target);
      return weightedSum(activations, meanPerChannel(gradients[0], 2));
    };
    of(1, 2).forEach((value, p) => expect(value).toBeCloseTo(-of(2, 1)[p], 6));
  });

  it("on average are CAM with the row of the class less the rivals' mean, C / (C − 1) of CAM over all", () => {
    const [classes, k, n] = [5, 3, 4];
    const rows = seededNumbers(classes * k, 2);
    const values = seededNumbers(k * n, 3);
    const rowOf = (c: number) => rows.subarray(c * k, (c + 1) * k);
    const mapOf = (weights: ArrayLike<number>) => weightedSum(values, weights);
    const rivals = [0, 1, 3, 4]; // of class 2
    const difference = (r: number) => Float64Array.from(rowOf(2), (w, i) => w - rowOf(r)[i]);
    const mean = Float32Array.from({ length: n }, (_, p) =>
      rivals.reduce((sum, r) => sum + mapOf(difference(r))[p] / rivals.length, 0),
    );
    const centre = Float64Array.from({ length: k }, (_, i) =>
      [0, 1, 2, 3, 4].reduce((sum, c) => sum + rowOf(c)[i] / classes, 0),
    );
    const centred = mapOf(Float64Array.from(rowOf(2), (w, i) => w - centre[i]));
    mean.forEach((value, p) =>
      expect(value).toBeCloseTo((centred[p] * classes) / (classes - 1), 5),
    );
  });

  it("only gain by further rivals in their union, and count none that shows nothing", () => {
    const maps = pairMaps(slopesAgainst([1, 2]), true);
    const one = fusePairs(maps.slice(0, 1), "max") ?? [];
    (fusePairs(maps, "max") ?? []).forEach((value, p) =>
      expect(value).toBeGreaterThanOrEqual(one[p]),
    );
    const zero = new Float32Array(4);
    expect(fusePairs([maps[0], zero], "mean")).toEqual(fusePairs(maps.slice(0, 1), "mean"));
    expect(fusePairs([zero, zero], "max")).toBeNull();
  });
});

describe("RCS-MLFF", () => {
  const item = (changes = {}) =>
    mapItem({
      activations,
      k: 2,
      h: 2,
      w: 2,
      logits: Float32Array.of(3.5, 1.5, 1.5),
      seed: Float32Array.of(1, 0, 0),
      headWeights: head,
      isPooledLinear: true,
      ...changes,
    });

  it("joins the pairs of the hand case at one layer, as large as the strongest", async () => {
    const { map, notes } = await passMap(rcsMlff, mapTools({}), item());
    expect([...map]).toEqual([1, 0.5, 0, 1]); // (w_c − w_r) / n times 4
    expect(notes).toMatchObject({ clusteredClasses: 1, layers: 1 });
    expect([notes?.["rival1"], notes?.["rival2"]].sort()).toEqual([1, 2]);
  });

  it("does not change when one vector is added to all rows of the classifier", async () => {
    const moved = { dims: [3, 2], data: head.data.map((w, i) => w + (i % 2 === 0 ? 0.25 : -0.5)) };
    const { map, notes } = await passMap(rcsMlff, mapTools({}), item({ headWeights: moved }));
    const before = await passMap(rcsMlff, mapTools({}), item());
    expect(notes).toEqual(before.notes);
    map.forEach((value, p) => expect(value).toBeCloseTo(before.map[p], 6));
  });

  it("is CAM of the log-odds where there are two classes", async () => {
    const two = { dims: [2, 2], data: Float32Array.of(1, -1, -0.5, 1) };
    const made = await passMap(
      rcsMlff,
      mapTools({}),
      item({ headWeights: two, logits: Float32Array.of(1, 0), seed: Float32Array.of(1, 0) }),
    );
    const odds = weightedSum(activations, [1.5, -2]).map((value) => Math.max(0, value));
    expect([...made.map]).toEqual([...odds]);
  });

  it("maps its own score where there is a single output", async () => {
    const single = { dims: [1, 2], data: Float32Array.of(0.25, 0) };
    const made = await passMap(
      rcsMlff,
      mapTools({}),
      item({ headWeights: single, logits: Float32Array.of(1), seed: Float32Array.of(1) }),
    );
    expect([...made.map]).toEqual([1, 0.5, 0, 0]);
  });

  it("is zero, and says so, where nothing tells the class from any rival", async () => {
    const weak = { dims: [2, 2], data: Float32Array.of(0, 0, 1, 1) };
    const session = toySession({ head: "pooled" });
    const made = await passMap(
      rcsMlff,
      mapTools({}),
      item({ headWeights: weak, logits: Float32Array.of(0, 1), seed: Float32Array.of(1, 0) }),
    );
    expect([...made.map]).toEqual([0, 0, 0, 0]);
    const [{ maps }] = await explainBatch({
      session: {
        ...session,
        head: { ...session.head, weights: { dims: [3, 6], data: new Float32Array(18) } },
      },
      methods: [rcsMlff],
      images: toyImages(1),
      layout: "NCHW",
      target: { kind: "class", index: 0 },
      labels: [null],
    });
    expect(maps[0].flags).toEqual(["no-positive-evidence"]);
  });

  it("takes the highest-scoring rivals where the classifier shows no rows, in one pass through the tail", async () => {
    const seeds: number[][] = [];
    const tools = mapTools({
      async tailGradient({ dims, data }, seed) {
        const [rows, classes] = seed.dims;
        for (let row = 0; row < rows; row++)
          seeds.push([...seed.data.subarray(row * classes, (row + 1) * classes)]);
        const gradients = Float32Array.from({ length: data.length }, (_, i) => (i % 8 < 4 ? 1 : 0));
        return {
          logits: { dims: [rows, classes], data: seed.data },
          gradients: { dims, data: gradients },
        };
      },
    });
    const logits = Float32Array.of(5, 1, 4, 2);
    const { notes } = await passMap(
      rcsMlff,
      tools,
      item({ headWeights: null, logits, seed: Float32Array.of(1, 0, 0, 0) }),
    );
    expect(notes).toEqual({ clusteredClasses: 0, layers: 1, rival1: 2, rival2: 3, rival3: 1 });
    expect(seeds).toEqual([
      [1, 0, -1, 0],
      [1, 0, 0, -1],
      [1, -1, 0, 0],
    ]);
  });

  it("reads all pairs at two resolutions in one go, and gates the last by the one before", async () => {
    const layer = (name: string, side: number, isDefault: boolean) => ({
      name,
      grid: [1, side, side] as const,
      layout: "channels-first" as const,
      prefixTokens: 0,
      isDefault,
      isScaleFree: false,
      reason: "pooling-input" as const,
    });
    const layers = [layer("deep", 2, true), layer("fine", 4, false), layer("finest", 8, false)];
    const structure = {
      ...noStructure,
      isReadable: true,
      layers,
      classRows: () => ({ dims: [2, 1], data: Float32Array.of(1, -1) }),
    };
    const fine = Float32Array.from({ length: 16 }, (_, p) => Number(p === 0));
    const asked: (readonly number[])[] = [];
    const tools = mapTools({
      async read({ dims }, names, seed) {
        asked.push(dims, seed?.dims ?? []);
        expect(names).toEqual(["deep", "fine"]);
        return {
          logits: { dims: [1, 2], data: Float32Array.of(1, 0) },
          values: new Map([
            ["deep", { dims: [1, 1, 2, 2], data: Float32Array.of(1, 1, 0, 0) }],
            ["fine", { dims: [1, 1, 4, 4], data: fine }],
          ]),
          gradients: new Map([
            ["deep", { dims: [1, 1, 2, 2], data: Float32Array.of(2, 2, 2, 2) }],
            ["fine", { dims: [1, 1, 4, 4], data: new Float32Array(16).fill(1) }],
          ]),
        };
      },
    });
    const own = {
      activations: Float32Array.of(1, 1, 0, 0),
      k: 1,
      structure,
      tap: { name: "deep", isDefault: true, isScaleFree: false },
      headWeights: null,
      logits: Float32Array.of(1, 0),
      seed: Float32Array.of(1, 0),
    };
    const { map, notes } = await passMap(rcsMlff, tools, item(own));
    expect(asked).toEqual([
      [1, 1, 1, 1],
      [1, 2],
    ]);
    expect(notes).toMatchObject({ layers: 2 });
    // Enlarged to 4×4 the deep rows are 1, ¾, ¼, 0; (0,0) is doubled, then all is halved by N: the upper left cell holds
    // (1 + ½ + ⅜ + ⅜) / 4, the upper right (½ + ½ + ⅜ + ⅜) / 4; strength 2
    [2.25 / 4, 1.75 / 4, 0.25 / 4, 0.25 / 4].forEach((value, p) =>
      expect(map[p]).toBeCloseTo(2 * value, 6),
    );
    expect(lastTwoResolutions(layers, "fine").map(({ name }) => name)).toEqual(["deep", "fine"]);
    expect(lastTwoResolutions(layers, "finest").map(({ name }) => name)).toEqual([
      "deep",
      "finest",
    ]);
  });

  it("runs on a whole network as alone so in a batch", async () => {
    const session = toySession({ head: "two-layer" });
    const images = toyImages(3);
    const ask = (batch: typeof images) =>
      explainBatch({
        session,
        methods: [rcsMlff],
        images: batch,
        layout: "NCHW",
        target: { kind: "predicted" },
        labels: Array.from({ length: batch.dims[0] }, () => null),
      });
    const together = await ask(images);
    const size = toyShape.colours * toyShape.side ** 2;
    const [alone] = await ask({
      dims: [1, ...images.dims.slice(1)],
      data: images.data.slice(2 * size),
    });
    alone.maps[0].map?.forEach((value, p) =>
      expect(together[2].maps[0].map?.[p]).toBeCloseTo(value, 6),
    );
    expect(alone.maps[0].notes).toMatchObject({ clusteredClasses: 0 });
  });
});
