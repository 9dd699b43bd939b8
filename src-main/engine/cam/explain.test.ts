import { describe, expect, it } from "vitest";
import { methodIds, type MethodId } from "../../../shared/domain/method-id.ts";
import { methods as facts } from "../../../shared/domain/methods.ts";
import type { TapSession } from "../../../shared/domain/engine.ts";
import type { Target } from "../../../shared/domain/target.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { toyImages, toySession, toyShape } from "../../../test/support/toy-session.ts";
import { explainBatch } from "./explain.ts";
import { methodById } from "./registry.ts";

const { classes, k, grid } = toyShape;
const predicted: Target = { kind: "predicted" };
/** What learns before it maps, and what must look inside a graph, which the toy has not, have tests of their own. */
const mapping = methodIds.filter((id) => !facts[id].isFitted && !mustRead(id));
const general = mapping.filter((id) => id !== "cam");

function mustRead(id: MethodId): boolean {
  return Boolean(methodById(id).uses?.includes("read")) && id !== "vs-cam"; // any other network has a map of its own there
}

async function explain(
  session: TapSession,
  id: MethodId,
  images: Tensor,
  target: Target = predicted,
  batch = 4,
) {
  const count = images.dims[0];
  return explainBatch({
    session,
    methods: [methodById(id)],
    images,
    layout: "NCHW",
    target,
    labels: Array.from({ length: count }, () => null),
    batch,
  });
}

async function mapsOf(...args: Parameters<typeof explain>): Promise<number[][]> {
  return (await explain(...args)).map((item) => [...(item.maps[0].map ?? [])]);
}

function one(images: Tensor, i: number): Tensor {
  const size = images.data.length / images.dims[0];
  return {
    dims: [1, ...images.dims.slice(1)],
    data: images.data.slice(i * size, (i + 1) * size),
  };
}

function expectClose(actual: readonly number[], expected: readonly number[], digits = 5) {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], digits));
}

describe("every method", () => {
  for (const id of mapping)
    for (const head of ["pooled", "two-layer"] as const) {
      if (id === "cam" && head === "two-layer") continue;
      it(`${id} maps an image the same alone and in a batch of 7, ${head} head`, async () => {
        const session = toySession({ head });
        const images = toyImages(7);
        const together = await mapsOf(session, id, images);
        for (const i of [0, 3, 6])
          expectClose(together[i], (await mapsOf(session, id, one(images, i)))[0]);
        expect(together[3].every(Number.isFinite)).toBe(true);
        expect(together[3].length).toBe(grid * grid);
      });
    }

  it("leaves the input as it was", async () => {
    const images = toyImages(2);
    const before = [...images.data];
    for (const id of mapping) await explain(toySession({ head: "pooled" }), id, images);
    expect([...images.data]).toEqual(before);
  });

  it("keeps a broken number to its own image", async () => {
    const images = toyImages(3);
    images.data[1 * 128 + 5] = Number.NaN;
    for (const id of general) {
      const items = await explain(toySession({ head: "two-layer" }), id, images);
      expect(items.map((item) => item.maps[0].flags.includes("non-finite"))).toEqual([
        false,
        true,
        false,
      ]);
      expect(items[1].maps[0].map).toBeNull();
    }
  });

  it("maps two classes differently when it is specific to the class, and alike when not", async () => {
    const images = toyImages(1);
    for (const id of mapping) {
      const session = toySession({ head: "pooled" });
      const [first] = await mapsOf(session, id, images, { kind: "class", index: 0 });
      const [second] = await mapsOf(session, id, images, { kind: "class", index: 1 });
      const differs = first.some((value, i) => Math.abs(value - second[i]) > 1e-6);
      expect(differs, id).toBe(facts[id].isClassSpecific);
    }
  });
});

describe("a square that is the only evidence", () => {
  const { colours, side } = toyShape;
  const images: Tensor = {
    dims: [1, colours, side, side],
    data: toyImages(1).data.map((noise, i) => {
      if (i >= side * side) return 0.1 * Math.abs(noise); // colour 1: weak noise everywhere
      const y = Math.floor(i / side);
      const x = i % side;
      return y >= 4 && y < 6 && x >= 2 && x < 4 ? 1 : 0; // tap cell (2, 1)
    }),
  };
  for (const id of mapping)
    for (const hidesHead of id === "cam" ? [false] : [false, true])
      it(`${id} peaks inside it, ${hidesHead ? "general path" : "closed form"}`, async () => {
        const session = toySession({ head: "pooled", isPlanted: true, hidesHead });
        const [map] = await mapsOf(session, id, images, { kind: "class", index: 1 });
        expect(map.indexOf(Math.max(...map))).toBe(2 * grid + 1);
      });
});

describe("closed forms", () => {
  for (const id of general)
    it(`${id} on a pooled linear head equals the general path`, async () => {
      const images = toyImages(3);
      for (const target of [predicted, { kind: "top-2" }] as const)
        expectClose(
          (await mapsOf(toySession({ head: "pooled" }), id, images, target)).flat(),
          (
            await mapsOf(toySession({ head: "pooled", hidesHead: true }), id, images, target)
          ).flat(),
        );
    });

  it("Grad-CAM and HiResCAM are CAM over n on a pooled linear head", async () => {
    const session = toySession({ head: "pooled" });
    const cam = (await mapsOf(session, "cam", toyImages(1)))[0].map((v) => v / (grid * grid));
    expectClose((await mapsOf(session, "grad-cam", toyImages(1)))[0], cam);
    expectClose((await mapsOf(session, "hirescam", toyImages(1)))[0], cam);
  });

  it("HiResCAM sums to the logit without its bias", async () => {
    const session = toySession({ head: "pooled" });
    const [item] = await explain(session, "hirescam", toyImages(1));
    const sum = [...(item.maps[0].map ?? [])].reduce((a, b) => a + b, 0);
    const bias = session.head.bias ?? [];
    const target = item.target ?? 0;
    expect(sum + bias[target]).toBeCloseTo(item.logits[target], 5);
  });

  it("Ablation-CAM weighs a channel by W times its mean over the score", async () => {
    const session = toySession({ head: "pooled" });
    const images = toyImages(1);
    const { activations, logits } = await session.forward(images);
    const weights = session.head.weights?.data ?? new Float32Array();
    const n = grid * grid;
    const expected = Array.from({ length: n }, (_, p) => {
      let sum = 0;
      for (let channel = 0; channel < k; channel++) {
        let total = 0;
        for (let q = 0; q < n; q++) total += activations.data[channel * n + q];
        sum +=
          ((weights[k + channel] * total) / Math.abs(logits.data[1])) *
          activations.data[channel * n + p];
      }
      return sum;
    });
    expectClose(
      (await mapsOf(session, "ablation-cam", images, { kind: "class", index: 1 }))[0],
      expected,
    );
  });
});

describe("methods that order passes", () => {
  for (const id of mapping.filter((one) => "map" in methodById(one)))
    it(`${id} does not depend on how many rows a call carries`, async () => {
      const session = toySession({ head: "two-layer" });
      const images = toyImages(1);
      expectClose(
        (await mapsOf(session, id, images, predicted, 1))[0],
        (await mapsOf(session, id, images, predicted, 64))[0],
        6,
      );
    });
});

describe("methods with noise", () => {
  for (const id of ["smooth-grad-cam++", "ss-cam"] as const)
    it(`${id} gives the same bytes for the same seed, and others for another`, async () => {
      const images = toyImages(8);
      const seeded = async (first: number, others: number) => {
        const items = await explainBatch({
          session: toySession({ head: "two-layer" }),
          methods: [methodById(id)],
          images,
          layout: "NCHW",
          target: predicted,
          labels: Array(8).fill(null),
          randomSeeds: [first, ...Array(7).fill(others)],
          inputSpread: 20, // enough to switch hidden units of some
        });
        return items.map((item) => [...(item.maps[0].map ?? [])]);
      };
      const [first, ...others] = await seeded(11, 12);
      expect(await seeded(11, 12)).toEqual([first, ...others]);
      const [same, ...changed] = await seeded(11, 13);
      expect(same).toEqual(first);
      expect(changed).not.toEqual(others);
    });
});

describe("targets", () => {
  it("flags an image without a label when the label is asked for", async () => {
    const items = await explain(toySession({ head: "pooled" }), "cam", toyImages(1), {
      kind: "label",
    });
    expect(items[0]).toMatchObject({ target: null, maps: [{ map: null, flags: ["no-target"] }] });
  });

  it("explains the label that is given", async () => {
    const session = toySession({ head: "two-layer" });
    const images = toyImages(1);
    const [labelled] = await explainBatch({
      session,
      methods: [methodById("hirescam")],
      images,
      layout: "NCHW",
      target: { kind: "label" },
      labels: [2],
    });
    const [named] = await explain(session, "hirescam", images, { kind: "class", index: 2 });
    expect(labelled.target).toBe(2);
    expect(labelled.maps[0].map).toEqual(named.maps[0].map);
  });

  it("explains the difference of the best two classes as the difference of their maps", async () => {
    const session = toySession({ head: "pooled" });
    const images = toyImages(1);
    const [item] = await explain(session, "cam", images);
    const order = [...item.logits.keys()].toSorted((a, b) => item.logits[b] - item.logits[a]);
    const [best] = await mapsOf(session, "cam", images, { kind: "class", index: order[0] });
    const [next] = await mapsOf(session, "cam", images, { kind: "class", index: order[1] });
    const [contrast] = await mapsOf(session, "cam", images, { kind: "top-2" });
    expectClose(
      contrast,
      best.map((value, i) => value - next[i]),
    );
    expect(classes).toBe(3);
  });
});
