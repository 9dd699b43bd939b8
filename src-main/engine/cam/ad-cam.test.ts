import { describe, expect, it } from "vitest";
import { noStructure } from "../../../shared/domain/structure.ts";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { mapItem, mapTools } from "../../../test/support/map-item.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { openModel } from "../session/open-model.ts";
import { adCam } from "./ad-cam.ts";
import { explainBatch } from "./explain.ts";
import { gradCam } from "./grad-cam.ts";
import type { MapItem, RawMap } from "./method.ts";

const mapOf = async (item: MapItem): Promise<Float32Array> => {
  if (!("map" in adCam)) throw new Error("AD-CAM orders no pass");
  const made: RawMap | Float32Array = await adCam.map(mapTools({}), item);
  return made instanceof Float32Array ? made : made.map;
};

describe("AD-CAM", () => {
  it("hands activation to a position of like features and none to an unlike one", async () => {
    // two channels, three positions: features (1,0), (1,0), (0,1); the class reads channel 0
    const item = mapItem({
      activations: Float32Array.of(1, 1, 0, 0, 0, 1),
      gradients: Float32Array.of(3, 0, 0, 0, 0, 0), // mean of channel 0: 1
      k: 2,
      h: 1,
      w: 3,
    });
    expect([...(await mapOf(item))]).toEqual([1, 1, 0]);
  });

  it("keeps the sum of the positive part of Grad-CAM", async () => {
    const item = mapItem({
      activations: Float32Array.of(4, 1, 0, 2, 1, 3, 1, 0),
      gradients: Float32Array.of(1, 1, 1, 1, -1, -1, -1, -1),
      k: 2,
      h: 2,
      w: 2,
    });
    // Grad-CAM (3, −2, −1, 2): its positive part sums to 5
    const map = await mapOf(item);
    expect(map.reduce((a, b) => a + b)).toBeCloseTo(5, 5);
    expect(Math.min(...map)).toBeGreaterThanOrEqual(0);
  });

  it("gives zeros where nothing speaks for the class, and a single cell its own value", async () => {
    const against = mapItem({
      activations: Float32Array.of(1, 2),
      gradients: Float32Array.of(-1, -1),
      k: 1,
      h: 1,
      w: 2,
    });
    expect([...(await mapOf(against))]).toEqual([0, 0]);
    const single = mapItem({
      activations: Float32Array.of(2),
      gradients: Float32Array.of(3),
      k: 1,
      h: 1,
      w: 1,
    });
    expect([...(await mapOf(single))]).toEqual([6]);
  });
});

describe("AD-CAM with attention", () => {
  const attention = {
    scope: "whole",
    sites: [0, 1].map((block) => ({
      probabilities: `shares-${block}`,
      heads: 1,
      queries: 4,
      keys: 4,
      output: null,
    })),
    tokens: 4,
    prefixTokens: 1,
    grid: [1, 3],
    headTokens: [0],
  } as const;
  // The page's P of three pixels: rows of a class token and 0.5 of the attention going to it are dropped again.
  const p = [
    [0.6, 0.3, 0.1],
    [0.3, 0.6, 0.1],
    [0.1, 0.1, 0.8],
  ];
  const shares = Float32Array.from([
    ...[1, 0, 0, 0],
    ...p.flatMap((row) => [0.5, ...row.map((value) => value / 2)]),
  ]);
  const item = mapItem({
    activations: Float32Array.of(1, 0.2, 0),
    gradients: Float32Array.of(1, 1, 1),
    k: 1,
    h: 1,
    w: 3,
    structure: { ...noStructure, attention },
  });
  const asked: string[][] = [];
  const tools = mapTools({
    read: (_, names) => {
      asked.push([...names]);
      const tensor = { dims: [1, 1, 4, 4], data: shares };
      return Promise.resolve({
        logits: { dims: [1, 1], data: Float32Array.of(1) },
        values: new Map(names.map((name) => [name, tensor])),
        gradients: new Map(),
      });
    },
  });

  it("gives the page's map, whatever falls on prefix tokens", async () => {
    if (!("map" in adCam)) throw new Error("AD-CAM orders no pass");
    const made = await adCam.map(tools, item);
    if (made instanceof Float32Array) throw new Error("it has notes");
    [0.688112, 0.423773, 0.088115].forEach((value, i) => expect(made.map[i]).toBeCloseTo(value, 5));
    expect(asked).toEqual([["shares-0", "shares-1"]]);
    expect(made.notes).toEqual({ attention: 1 });
  });

  it("falls back to features where attention covers another grid", async () => {
    const structure = { ...noStructure, attention: { ...attention, grid: [3, 1] as const } };
    // cells 0 and 1 are collinear, cell 2 is dead: (1, 0.2, 0) is halved between the two
    const map = await mapOf({ ...item, structure });
    [0.6, 0.6, 0].forEach((value, i) => expect(map[i]).toBeCloseTo(value, 6));
  });
});

describe.skipIf(!fixturesFolder)("AD-CAM on vision transformers", () => {
  it.each(["mini_vit_cifar10", "mini_deit_distilled_cifar10", "mini_vit_gap_cifar10"])(
    "spreads the positive part of Grad-CAM along the attention of %s, and keeps its sum",
    async (name) => {
      const model = await openModel(fixture(`models/mini-cifar10/${name}.onnx`), { threads: 1 });
      const session = await model.open(null);
      const [, ...size] = session.description.input.dims;
      const [channels, height, width] = size.map(Number);
      const [explained] = await explainBatch({
        session,
        methods: [gradCam, adCam],
        images: {
          dims: [1, channels, height, width],
          data: seededNumbers(channels * height * width, 3),
        },
        layout: "NCHW",
        target: { kind: "predicted" },
        labels: [null],
      });
      const [plain, made] = explained.maps;
      const total = (map: Float32Array | null) =>
        (map ?? new Float32Array(0)).reduce((sum, value) => sum + Math.max(0, value), 0);
      expect(made.notes).toEqual({ attention: 1 });
      expect(total(made.map)).toBeCloseTo(total(plain.map), 3);
      expect(made.map).not.toEqual(plain.map);
      await session.close();
      await model.close();
    },
  );
});
