import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import type { RelevancePath } from "../../../shared/domain/relevance.ts";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import { explainBatch } from "../cam/explain.ts";
import { methodById } from "../cam/registry.ts";
import { averageOver } from "../kernels/area.ts";
import { readModelFile } from "../onnx/file.ts";
import { publishedOperators } from "../relevance/registry.ts";
import { openModel, type OpenModel } from "./open-model.ts";

const demo = join(import.meta.dirname, "../../../assets/demo/chest-resnet.onnx");
const opened = new Map<string, Promise<OpenModel>>();
const model = (path: string) => {
  const found = opened.get(path) ?? openModel(path, { threads: 2 });
  opened.set(path, found);
  return found;
};
afterAll(async () => {
  for (const one of opened.values()) await (await one).close();
});

async function explained(path: string, tap: string | null, ids: readonly MethodId[], count = 1) {
  const session = await (await model(path)).open(tap);
  const { channels, heightPx, widthPx, layout } = session.description.input;
  const size = [heightPx ?? 0, widthPx ?? 0];
  const dims = layout === "NCHW" ? [count, channels, ...size] : [count, ...size, channels];
  const items = await explainBatch({
    session,
    methods: ids.map(methodById),
    images: {
      dims,
      data: seededNumbers(
        dims.reduce((a, b) => a * b),
        5,
      ),
    },
    layout,
    target: { kind: "class", index: 1 },
    labels: Array<null>(count).fill(null),
  });
  const path_ = session.structure.relevance;
  const { methods } = session;
  await session.close();
  return { items, maps: items[0].maps, path: opening(path_), methods };
}

function opening(path: RelevancePath | null) {
  if (path?.kind !== "open") throw new Error("there is no way back");
  return path;
}

const sum = (values: Float32Array | null) =>
  (values ?? new Float32Array(0)).reduce((a, b) => a + b, 0);

function expectAlike(given: Float32Array | null, expected: Float32Array | null, share = 1e-4) {
  const largest = Math.max(...(expected ?? []).map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  expect(given?.length).toBe(expected?.length);
  expected?.forEach((x, i) =>
    expect(Math.abs((given?.[i] ?? NaN) - x)).toBeLessThan(share * largest),
  );
}

describe("FG-CAM on a residual network", () => {
  const early = "/body/body.3/Relu_1_output_0";

  it("keeps the sum of Grad-CAM on its way to an earlier layer and to the picture", async () => {
    const { maps: atDefault } = await explained(demo, null, ["grad-cam"]);
    for (const tap of [early, "image"]) {
      const { maps, path } = await explained(demo, tap, ["fg-cam"]);
      expect(path.extended).toEqual(["Add"]);
      expect(sum(maps[0].map) / sum(atDefault[0].map)).toBeCloseTo(1, 3);
      expect(maps[0].notes.arrived).toBeCloseTo(1, 3);
      expect(maps[0].notes.extendedRules).toBe(1);
    }
  });

  it("goes on to the picture at the default layer, and stores the average over its cells", async () => {
    const ids = ["fg-cam", "fg-cam-denoised"] as const;
    const { maps: cells, path } = await explained(demo, null, ids);
    const { maps: pixels } = await explained(demo, "image", ids);
    expect(path).toMatchObject({ isPicture: true, to: { name: "image", grid: [1, 160, 160] } });
    ids.forEach((_, i) => {
      const averages = averageOver(pixels[i].map ?? [], [160, 160], [10, 10]);
      expectAlike(cells[i].map, averages);
    });
    expect(cells[1].notes).toMatchObject({ rank: 9, atPicture: 1 }); // ⌊0.1 · min(96, 100)⌋
  });

  it("does not depend on what else the batch holds, and is the same twice", async () => {
    const { items } = await explained(demo, early, ["fg-cam"], 2);
    const [first] = (await explained(demo, early, ["fg-cam"], 1)).items;
    expectAlike(items[0].maps[0].map, first.maps[0].map, 1e-5);
    expect(items[1].maps[0].map).not.toEqual(items[0].maps[0].map);
    expect((await explained(demo, early, ["fg-cam"], 1)).maps[0].map).toEqual(first.maps[0].map);
  });

  it("states its cost: components, and a sweep of a few forward passes", async () => {
    const { methods } = await explained(demo, null, ["fg-cam"]);
    const cost = methods.find(({ method }) => method === "fg-cam");
    expect(cost?.supported).toBe(true);
    expect(cost?.forwards).toBeGreaterThan(3);
    expect(cost?.forwards).toBeLessThan(8);
  });
});

describe.skipIf(!fixturesFolder)("FG-CAM on the VGG family", () => {
  const vgg = () => fixture("models/mini-cifar10/mini_vgg_cifar10.onnx");
  const last = "/features/features.14/MaxPool_output_0";

  it("begins at the last max pooling and goes by the published rules alone", async () => {
    const { path, maps } = await explained(vgg(), null, ["fg-cam"]);
    expect(path.from).toMatchObject({ name: last, grid: [96, 4, 4] });
    expect(path.extended).toEqual([]);
    expect(maps[0].notes).toMatchObject({ extendedRules: 0, batchNorms: 0, atPicture: 1 });
  });

  it("is Grad-CAM itself at the layer where it begins", async () => {
    const { maps } = await explained(vgg(), last, ["grad-cam", "fg-cam"]);
    expectAlike(maps[1].map, maps[0].map, 1e-6);
  });

  it("sums to the same at every layer above, where nothing was dropped", async () => {
    const { maps: start } = await explained(vgg(), last, ["fg-cam"]);
    const taps = ["/features/features.4/MaxPool_output_0", "input"];
    for (const tap of taps) {
      const { maps } = await explained(vgg(), tap, ["fg-cam"]);
      expect(sum(maps[0].map) / sum(start[0].map)).toBeCloseTo(maps[0].notes.arrived, 5);
      expect(maps[0].notes.arrived).toBeGreaterThan(0.9);
    }
  });

  it("comes down to a picture with its colours last, at full size too", async () => {
    const wake = fixture("models/domain/vww_96_nhwc.onnx");
    const { maps: cells, path } = await explained(wake, null, ["fg-cam"]);
    expect(path.to).toMatchObject({ layout: "channels-last", grid: [3, 96, 96] });
    const { maps: pixels } = await explained(wake, path.to.name, ["fg-cam"]);
    expectAlike(cells[0].map, averageOver(pixels[0].map ?? [], [96, 96], [3, 3]));
  });

  it("is Grad-CAM where the layer comes after all that could be swept", async () => {
    const squeeze = fixture("models/imagenet/squeezenet1.0-fp32.onnx");
    const { maps, path } = await explained(squeeze, "conv10_2", ["grad-cam", "fg-cam"]);
    expect([path.from.name, path.to.name]).toEqual(["conv10_2", "conv10_2"]);
    expectAlike(maps[1].map, maps[0].map, 1e-6);
  });

  // Opening it runs it, for three quarters of a minute: the file is read alone.
  it("needs no rule of ours down to the last pooling of VGG-19", () => {
    const { nodes } = readModelFile(fixture("models/structure/light_vgg19.onnx")).model.graph;
    const last = nodes.findLastIndex(({ op }) => op === "MaxPool");
    const way = nodes.slice(0, last + 1).filter(({ op }) => op !== "ConstantOfShape");
    expect(way.filter(({ op }) => op === "Conv")).toHaveLength(16);
    expect(way.every(({ op }) => publishedOperators.has(op))).toBe(true);
  });

  it.each([
    ["mini-cifar10/mini_vit_cifar10.onnx", "relevance/tokens"],
    ["mini-cifar10/mini_convnext_cifar10.onnx", "relevance/no-rule"],
    ["mini-cifar10/mini_swin_cifar10.onnx", "relevance/no-rule"],
  ])("refuses %s by name before any run", async (file, code) => {
    const session = await (await model(fixture(`models/${file}`))).open(null);
    const support = session.methods.filter(({ method }) => method.startsWith("fg-cam"));
    expect(support).toHaveLength(2);
    for (const { supported, refusal } of support) {
      expect(supported).toBe(false);
      expect(refusal?.code).toBe(code);
    }
    await session.close();
  });
});
