import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { TapSession } from "../../shared/domain/engine.ts";
import { sizeOf, type Tensor } from "../../shared/domain/tensor.ts";
import { explainBatch } from "../../src-main/engine/cam/explain.ts";
import { methodById } from "../../src-main/engine/cam/registry.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { fixture, fixturesFolder } from "../support/fixtures.ts";
import { generalPath } from "../support/general-path.ts";
import { seededNumbers } from "../support/toy-session.ts";

/** Every network of the sample and the fixtures whose head is pooling and one linear layer; the quantised ones round on the way. */
const pooled = [
  "cifar10/mlperf_tiny_resnet8",
  "cifar10/resnet20_dynamo_op18",
  "cifar10/resnet20_torchscript_op13",
  "cifar10/resnet32_external/resnet32_cifar10",
  "domain/vww_96_nhwc",
  "imagenet/mobilenet_v1_0.25_224",
  "imagenet/mobilenet_v1_0.5_160_nhwc_uint8",
  "imagenet/mobilenet_v2_1.0_224",
  "mini-cifar10/mini_densenet_cifar10",
  "mini-cifar10/mini_efficientnet_cifar10",
  "mini-cifar10/mini_shufflenetv2_cifar10",
];
const demo = join(import.meta.dirname, "../../assets/demo/chest-resnet.onnx");

const exact = [
  "grad-cam",
  "hirescam",
  "grad-cam-elementwise",
  "grad-cam++",
  "xgrad-cam",
  "layercam",
  "eigen-grad-cam",
  "finer-cam",
  "recipro-cam",
  "ablation-cam",
  "fd-cam",
] as const;

async function mapsOf(session: TapSession, methods: readonly MethodId[], images: Tensor) {
  const [item] = await explainBatch({
    session,
    methods: methods.map(methodById),
    images,
    layout: session.description.input.layout,
    target: { kind: "predicted" },
    labels: [null],
    batch: 16,
  });
  return item.maps.map(({ map }) => map ?? new Float32Array(0));
}

/** Largest difference over the largest magnitude. */
function apart(given: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0);
  expect(given.length).toBe(expected.length);
  return given.reduce((most, v, i) => Math.max(most, Math.abs(v - expected[i])), 0) / largest;
}

async function expectEqualPaths(path: string): Promise<void> {
  const model = await openModel(path);
  const session = await model.open(null);
  expect(session.head.kind).toBe("pooled-linear");
  const { layout, channels, heightPx, widthPx, elementType } = session.description.input;
  const [h, w] = [heightPx ?? 224, widthPx ?? 224];
  const dims = layout === "NCHW" ? [1, channels, h, w] : [1, h, w, channels];
  const noise = seededNumbers(sizeOf(dims), 11);
  const isBytes = elementType === "u8";
  const images = { dims, data: isBytes ? noise.map((x) => Math.round(127.5 * (x + 1))) : noise };
  const general = generalPath(session);
  const closed = await mapsOf(session, exact, images);
  const passed = await mapsOf(general, exact, images);
  exact.forEach((id, m) => expect(apart(closed[m], passed[m]), id).toBeLessThan(1e-5));
  // Its general path is a difference of slopes in single precision.
  const [bent] = await mapsOf(session, ["shapley-cam"], images);
  expect(apart(bent, (await mapsOf(general, ["shapley-cam"], images))[0])).toBeLessThan(1e-4);
  // CAM is n times HiResCAM here.
  const [, gh, gw] = session.tap.grid;
  const [cam] = await mapsOf(session, ["cam"], images);
  expect(apart(cam, passed[1].map((value) => value * gh * gw))).toBeLessThan(1e-5);
  await Promise.all([session.close(), model.close()]);
}

describe("closed forms of a pooled linear head equal the general path", () => {
  it("chest-resnet", { timeout: 60_000 }, () => expectEqualPaths(demo));

  describe.skipIf(!fixturesFolder)("networks of the fixtures", () => {
    it.each(pooled)("%s", { timeout: 120_000 }, (name) =>
      expectEqualPaths(fixture(`models/${name}.onnx`)),
    );

    it("are all there are", async () => {
      const folder = fixture("models");
      const files = globSync("{cifar10,domain,imagenet,mini-cifar10,mnist}/**/*.onnx", {
        cwd: folder,
      }).map((file) => file.replaceAll("\\", "/").replace(/\.onnx$/, ""));
      const found: string[] = [];
      for (const file of files.filter((name) => !/_(qdq|qoperator)_/.test(name))) {
        const size = file.includes("ppocr") ? { heightPx: 48, widthPx: 192 } : {};
        const model = await openModel(join(folder, `${file}.onnx`), size);
        if (model.description.head === "pooled-linear") found.push(file);
        await model.close();
      }
      expect(found.toSorted()).toEqual(pooled.toSorted());
    }, 120_000);
  });
});
