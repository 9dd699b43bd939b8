import { describe, expect, it } from "vitest";
import { mapItem, mapTools } from "../../../test/support/map-item.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import type { Fitted, FitFacts } from "../../../shared/domain/fit.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { FitCache } from "./fit.ts";
import type { MapItem, RawMap } from "./method.ts";
import { fitHead, maskedFeature, mixHeads } from "./recam-head.ts";
import { reCam } from "./recam.ts";

const close = (actual: ArrayLike<number>, wanted: ArrayLike<number>, digits = 5) =>
  Array.from(wanted).forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits));

// The page's case: channels × positions [[2,0],[0,1]], W = [[1,.5],[.5,1]]
const features = Float32Array.of(2, 0, 0, 1);
/** `[C,K]` already over n = 2, as a session gives it. */
const head: Tensor = { dims: [2, 2], data: Float32Array.of(0.5, 0.25, 0.25, 0.5) };
const identity = fittedWith([1, 0, 0, 1]);

function fittedWith(values: readonly number[], facts: Partial<FitFacts> = {}): Fitted {
  return {
    dims: [2, 2],
    values: Float32Array.from(values),
    facts: {
      source: "labels",
      items: 10,
      vectors: 10,
      empty: 0,
      failed: 0,
      classes: [0, 1],
      heldOut: { right: 1, n: 2 },
      base: null,
      penalty: 1e-4,
      mix: "product",
      ...facts,
    },
  };
}

async function mapOf(target: number, changes: Partial<MapItem>): Promise<RawMap> {
  if (!("map" in reCam)) throw new Error("ReCAM orders its passes");
  const item = mapItem({
    activations: features,
    k: 2,
    h: 1,
    w: 2,
    logits: Float32Array.of(0, 0),
    seed: Float32Array.from([0, 1], (c) => Number(c === target)),
    target,
    headWeights: head,
    isPooledLinear: true,
    fitted: identity,
    ...changes,
  });
  const made = await reCam.map(mapTools({}), item);
  return made instanceof Float32Array ? { map: made } : made;
}

describe("masked features", () => {
  it("are those of the hand case, but for the floor of 1e-5", () => {
    close(maskedFeature(features, [2, 0.5], 2) ?? [], [1, 0.125], 4);
    close(maskedFeature(features, [1, 1], 2) ?? [], [1, 0.5], 4);
  });

  it("are none where nothing speaks for the class", () => {
    expect(maskedFeature(features, [-1, 0], 2)).toBeNull();
  });

  it("under a mask of one everywhere are the pooled features", () => {
    const values = seededNumbers(12, 3);
    const masked = maskedFeature(values, [1e6, 1e6, 1e6, 1e6], 3);
    close(
      masked ?? [],
      [0, 1, 2].map((k) => values.slice(4 * k, 4 * k + 4).reduce((a, b) => a + b) / 4),
    );
  });

  it("grow with the features, the mask staying", () => {
    const [plain, grown] = [1, 3].map((t) =>
      maskedFeature(
        features.map((value) => t * value),
        [2e3 * t, 500 * t],
        2,
      ),
    );
    close(
      grown ?? [],
      (plain ?? new Float32Array(0)).map((value) => 3 * value),
    );
  });
});

describe("the map", () => {
  it("of the hand case is left by the ambiguous class at position 0", async () => {
    close((await mapOf(0, {})).map, [2, 0]);
    close((await mapOf(1, {})).map, [0, 1]);
  });

  it("is plain CAM with a second head of ones, and by choice of the base", async () => {
    close((await mapOf(0, { fitted: fittedWith([1, 1, 1, 1]) })).map, [2, 0.5]);
    close((await mapOf(1, { fitted: fittedWith([7, -2, 3, 4], { mix: "base" }) })).map, [1, 1]);
  });

  it("changes when one vector is added to every row, though no probability does", async () => {
    const shifted = (await mapOf(0, { fitted: fittedWith([2, 3, 1, 4]) })).map;
    expect([...shifted]).not.toEqual([...(await mapOf(0, {})).map]);
  });

  it("of a class that took no part is plain CAM, and says so", async () => {
    const made = await mapOf(1, { fitted: fittedWith([1, 0, 0, 0], { classes: [0] }) });
    close(made.map, [1, 1]);
    expect(made.notes?.["fallback"]).toBe(1);
  });

  it("is the second head's alone where the model's own is not linear", async () => {
    const made = await mapOf(0, {
      headWeights: null,
      isPooledLinear: false,
      fitted: fittedWith([0, 3, 1, 0]),
    }).catch((cause: unknown) => cause);
    expect(made).toBeInstanceOf(Error); // its mask would be Grad-CAM's: a pass that the case does not give
    close(mixHeads(null, [0, 3], "product"), [0, 3]);
  });

  it("is refused by name before anything was learnt", async () => {
    await expect(mapOf(0, { fitted: null })).rejects.toMatchObject({ code: "method/needs-labels" });
  });

  it("permuting the classes permutes the maps", async () => {
    const swapped: Tensor = { dims: [2, 2], data: Float32Array.of(0.25, 0.5, 0.5, 0.25) };
    const [a, b] = await Promise.all([
      mapOf(0, { fitted: fittedWith([1, 2, 3, 4]) }),
      mapOf(1, { fitted: fittedWith([3, 4, 1, 2]), headWeights: swapped }),
    ]);
    close(b.map, a.map);
  });
});

describe("mixing two heads", () => {
  it("a product of two rejections moves the peak there; the signed one does not", () => {
    const [own, second] = [
      [-1, 1],
      [-1, 1],
    ];
    // F = [[3,0],[0,1]]
    const at = (weights: Float64Array) => [3 * weights[0], weights[1]];
    expect(at(mixHeads(own, second, "product"))).toEqual([3, 1]);
    expect(at(mixHeads(own, second, "product-signed"))).toEqual([-3, 1]);
    expect([...mixHeads([1, -1], [-2, 2], "product-signed")]).toEqual([0, 0]);
  });

  it("has the other two of the paper", () => {
    expect([...mixHeads([1, 2], [3, 4], "sum")]).toEqual([4, 6]);
    expect([...mixHeads([1, 2], [3, 4], "softmax-only")]).toEqual([3, 4]);
  });
});

/** `per` images of each class: its own channel is hot, one shared channel always, the rest is noise. */
function cacheOf(changes: Partial<FitCache> & { per?: number } = {}): FitCache {
  const { per = 30, ...rest } = changes;
  const [classes, k] = [2, 3];
  const rows = per * classes;
  const noise = seededNumbers(rows * k, 9);
  return {
    k,
    outputs: classes,
    items: Int32Array.from({ length: rows }, (_, row) => row),
    labels: Int32Array.from({ length: rows }, (_, row) => row % classes),
    values: noise.map((value, i) => {
      const [row, channel] = [Math.floor(i / k), i % k];
      return channel === 2 ? 2 : 0.05 * value + Number(row % classes === channel);
    }),
    headWeights: { dims: [2, 3], data: Float32Array.of(1, 0, 1, 0, 1, 1) },
    seed: 1,
    source: "labels",
    itemsRead: rows,
    empty: 0,
    failed: 0,
    ...rest,
  };
}

const standard = { classes: null, mix: null } as const;

describe("learning the second head", () => {
  it("gives a channel that classes share no weight, and their own ones weight", () => {
    const { values } = fitHead(cacheOf(), standard);
    const own = Math.min(values[0], values[4]);
    expect(own).toBeGreaterThan(1);
    expect(Math.abs(values[2])).toBeLessThan(0.05 * own);
    expect(Math.abs(values[5])).toBeLessThan(0.05 * own);
  });

  it("holds a fifth of the images out and says how many it got right, and the model's own head", () => {
    const { facts } = fitHead(cacheOf(), standard);
    expect(facts).toMatchObject({ heldOut: { right: 12, n: 12 }, vectors: 60, classes: [0, 1] });
    expect(facts.base?.n).toBe(12);
    expect(facts.mix).toBe("product");
  });

  it("gives the same numbers again, and as many for vectors three times as long", () => {
    const [a, b] = [fitHead(cacheOf(), standard), fitHead(cacheOf(), standard)];
    expect(b).toEqual(a);
    const plain = cacheOf();
    const longer = fitHead({ ...plain, values: plain.values.map((value) => 3 * value) }, standard);
    close(longer.values, a.values, 2);
  });

  it("keeps classes without five vectors out of the softmax, and refuses fewer than two", () => {
    const cache = cacheOf({ outputs: 3, headWeights: null });
    const { facts, values } = fitHead(cache, standard);
    expect(facts).toMatchObject({ classes: [0, 1], mix: "softmax-only", base: null });
    expect([...values.subarray(6)]).toEqual([0, 0, 0]);
    for (const one of [cacheOf({ per: 4 }), { ...cache, labels: cache.labels.map(() => 1) }])
      expect(() => fitHead(one, standard)).toThrow(/two/);
    expect(() => fitHead(cache, { classes: [0], mix: null })).toThrow(/two/);
  });

  it("drops only the vectors of a label that an image lost", () => {
    // every image also has a vector of the other class; taking those away again gives the plain fit
    const plain = cacheOf();
    const many = {
      ...plain,
      items: Int32Array.from([...plain.items, ...plain.items]),
      labels: Int32Array.from([...plain.labels, ...plain.labels.map((label) => 1 - label)]),
      values: Float32Array.from([...plain.values, ...seededNumbers(plain.values.length, 4)]),
    };
    const less = {
      ...many,
      items: many.items.slice(0, 60),
      labels: many.labels.slice(0, 60),
      values: many.values.slice(0, 180),
    };
    expect(fitHead(many, standard).values).not.toEqual(fitHead(plain, standard).values);
    expect(fitHead(less, standard).values).toEqual(fitHead(plain, standard).values);
  });
});
