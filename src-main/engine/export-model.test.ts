import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import { fixture, fixturesFolder } from "../../test/support/fixtures.ts";
import { seededNumbers } from "../../test/support/toy-session.ts";
import { explainBatch } from "./cam/explain.ts";
import { methodById } from "./cam/registry.ts";
import { exportModel } from "./export-model.ts";
import { exportedMethods } from "./export/registry.ts";
import { parseGraph, seededConstant } from "./onnx/text.ts";
import { parseModel, writeGraph } from "./onnx/wire.ts";
import { openModel } from "./session/open-model.ts";

const folder = mkdtempSync(join(tmpdir(), "hansight-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A model file of this graph; inputs beside the image are seeded weights. */
function modelOf(text: string): string {
  const path = join(folder, "model.onnx");
  const graph = parseGraph(text);
  const weights = graph.inputs.filter(({ name }) => name !== "image");
  const seeded = weights.map(
    ({ name, dims }) => [name, seededConstant(name, "f32", (dims ?? []).map(Number))] as const,
  );
  const constants = new Map([...graph.constants, ...seeded]);
  const inputs = graph.inputs.filter(({ name }) => name === "image");
  writeFileSync(path, writeGraph({ ...graph, constants, inputs }));
  return path;
}

/** Runs the file as a stranger would: the runtime with its defaults, two named outputs. */
async function runFile(bytes: Uint8Array, images: Tensor) {
  const path = join(folder, "out.onnx");
  writeFileSync(path, bytes);
  const session = await InferenceSession.create(path, { logSeverityLevel: 3 });
  expect(session.outputNames).toEqual(["logits", "map"]);
  expect(session.inputNames).toHaveLength(1);
  const feed = new RuntimeTensor("float32", images.data, images.dims);
  const { logits, map } = await session.run({ [session.inputNames[0]]: feed });
  await session.release();
  return {
    logits: Float32Array.from(logits.data as Float32Array), // checked by the comparisons
    map: Float32Array.from(map.data as Float32Array),
    dims: map.dims,
  };
}

async function exported(path: string, method: MethodId, images: Tensor, tap: string | null = null) {
  const made = await exportModel({ modelPath: path, method, tap, version: "1.2.3" });
  return { ...made, ...(await runFile(made.bytes, images)) };
}

function apart(given: ArrayLike<number>, own: ArrayLike<number>): number {
  const expected = Array.from(own);
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  return Math.max(...expected.map((value, i) => Math.abs(value - given[i]))) / largest;
}

// base-methods.md, section 5: three channels of 2×2, and what each method makes of them
const golden: Tensor = {
  dims: [1, 3, 2, 2],
  data: Float32Array.of(1, 2, 3, 4, 4, 0, 0, 2, 0, 1, 1, 0),
};
const gradients = "0.5, 0.1, -0.2, 0.4, -0.3, 0.2, 0.6, -0.1, 0.2, 0.2, -0.4, 0.1";
const none = "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0";
const unit = `const e = f32[[[[1]], [[0]], [[0]]], [[[0]], [[1]], [[0]]], [[[0]], [[0]], [[1]]]]`;
/** The tap is the picture, its gradient the golden one for class 1; names that outputs want are taken. */
const affine = `
  image: f32[N, 3, 2, 2]
  ${unit}
  const g = f32[[${none}], [${gradients}]]
  map = Conv(image, e)
  flat = Flatten(map)
  y = Gemm(flat, g, f32[-9, 0]) { transB: 1 }
  logits = Softmax(y) { axis: 1 }
  return logits`;
/** The same picture under pooling and one layer: weights 0.8, 0.4, 0.1 of class 0, nothing of class 1. */
const pooled = (weights: string) => `
  image: f32[N, 3, 2, 2]
  ${unit}
  const w = f32[${weights}]
  a = Conv(image, e)
  pool = GlobalAveragePool(a)
  flat = Flatten(pool)
  y = Gemm(flat, w) { transB: 1 }
  return y`;

describe("an exported graph", () => {
  it.each<[MethodId, number[]]>([
    ["grad-cam", [0.6, 0.425, 0.625, 1.0]],
    ["hirescam", [-0.7, 0.4, -1.0, 1.4]],
    ["grad-cam-elementwise", [0.5, 0.4, 0, 1.6]],
    ["layercam", [0.5, 0.4, 0, 1.6]],
    ["grad-cam++", [0.85, 0.55497, 0.7264, 1.02499]],
    ["xgrad-cam", [-0.76333, 0.24, 0.41, 0.21333]],
  ])("returns the published numbers of %s", async (method, expected) => {
    const { map, dims, logits } = await exported(modelOf(affine), method, golden);
    expect(dims).toEqual([1, 2, 2]);
    map.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    expect(logits[0]).toBe(-9); // before the softmax
    expect(logits[1]).toBeCloseTo(0.1, 6); // the sum of HiResCAM
  });

  const channels = [
    [1, 2, 3, 4],
    [4, 0, 0, 2],
    [0, 1, 1, 0],
  ];
  const summed = (weights: number[]) =>
    [0, 1, 2, 3].map((p) => weights.reduce((sum, w, k) => sum + w * channels[k][p], 0));
  it.each<[MethodId, number[]]>([
    ["cam", [2.4, 1.7, 2.5, 4.0]],
    // one position left: y₀ is Grad-CAM there, y₁ = 0, so the score is its logistic; nothing left: ½
    ["recipro-cam", [0.6, 0.425, 0.625, 1.0].map((y) => 1 / (1 + Math.exp(-y)) - 0.5)],
    // Δ_k = W_k ΣA_k / 4 = 2, 0.6, 0.05 and y₀ = 2.65
    ["ablation-cam", summed([2 / 2.65, 0.6 / 2.65, 0.05 / 2.65])],
  ])("returns what %s is on a pooled head", async (method, expected) => {
    const path = modelOf(pooled("[0.8, 0.4, 0.1], [0, 0, 0]"));
    const { map, logits } = await exported(path, method, golden);
    map.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    expect(logits[0]).toBeCloseTo(2.65, 5);
  });

  it("explains class 0 of one output where it is negative", async () => {
    const { map } = await exported(modelOf(pooled("[-0.8, -0.4, -0.1]")), "grad-cam", golden);
    map.forEach((value, i) => expect(value).toBeCloseTo([0.6, 0.425, 0.625, 1.0][i], 5));
  });

  it("leaves what passes beside the tap in every copy of the tail", async () => {
    const path = modelOf(`
      image: f32[N, 3, 2, 2]
      ${unit}
      const g = f32[[${none}], [${gradients}]]
      a = Conv(image, e)
      beside = Sigmoid(image)
      both = Mul(a, beside)
      flat = Flatten(both)
      y = Gemm(flat, g) { transB: 1 }
      return y`);
    const images = { dims: [2, 3, 2, 2], data: new Float32Array(24) };
    images.data.set(golden.data);
    images.data.set(
      golden.data.map((value) => value / 2),
      12,
    );
    const { map } = await exported(path, "recipro-cam", images, "a");
    const g = gradients.split(",").map(Number);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    for (let n = 0; n < 2; n++) {
      const row = images.data.subarray(n * 12, n * 12 + 12);
      const parts = [0, 1, 2, 3].map((p) =>
        [0, 4, 8].reduce((sum, k) => sum + g[k + p] * row[k + p] * sigmoid(row[k + p]), 0),
      );
      const isFirst = parts.reduce((sum, part) => sum + part, 0) <= 0; // ties go to class 0
      parts.forEach((part, p) =>
        expect(map[n * 4 + p]).toBeCloseTo(isFirst ? 0.5 - sigmoid(part) : sigmoid(part) - 0.5, 6),
      );
    }
  });

  it("says in its metadata what made it, and keeps what the model said", async () => {
    const { bytes } = await exported(modelOf(affine), "layercam", golden);
    const { graph } = parseModel(bytes);
    expect(graph.metadata).toEqual({
      "hansight.method": "layercam",
      "hansight.tap": "map",
      "hansight.version": "1.2.3",
    });
    expect(graph.opset).toBe(18);
    expect(graph.inputs).toEqual([{ name: "image", type: "f32", dims: ["N", 3, 2, 2] }]);
    expect(graph.outputs).toEqual([
      { name: "logits", type: "f32", dims: ["N", 2] },
      { name: "map", type: "f32", dims: ["N", 2, 2] },
    ]);
    expect(graph.nodes.every(({ domain }) => domain === "")).toBe(true);
  });

  it.each<[MethodId, string | null, object]>([
    ["eigen-cam", null, { code: "export/method", details: { why: "no-formula" } }],
    ["score-cam", null, { code: "export/method", details: { why: "no-formula" } }],
    ["smooth-grad-cam++", null, { code: "export/method", details: { why: "no-formula" } }],
    ["cam", null, { code: "method/no-cam" }],
    ["grad-cam", "no-such-tensor", { code: "tap/unknown" }],
    ["grad-cam", "flat", { code: "tap/unknown" }],
  ])("refuses %s at %s by name", async (method, tap, refusal) => {
    const path = modelOf(affine);
    await expect(exportModel({ modelPath: path, method, tap, version: "1" })).rejects.toMatchObject(
      refusal,
    );
  });

  it.each(["ablation-cam", "fd-cam"] as const)(
    "loops over 2048 channels of a head that is not linear: %s",
    async (method) => {
      // 2048 channels of 8 × 8 make chunks of 128 copies: sixteen turns of the loop, for FD-CAM thirty-two.
      const path = modelOf(`
        image: f32[N, 3, 8, 8]
        wide: f32[2048, 3, 1, 1]
        hidden: f32[12, 2048]
        last: f32[4, 12]
        c = Conv(image, wide)
        a = Relu(c)
        p = GlobalAveragePool(a)
        f = Flatten(p)
        u = Gemm(f, hidden) { transB: 1 }
        v = Relu(u)
        y = Gemm(v, last) { transB: 1 }
        return y`);
      const images = { dims: [1, 3, 8, 8], data: seededNumbers(3 * 64, 6) };
      const { map, dims, difference } = await exported(path, method, images);
      expect(dims).toEqual([1, 8, 8]);
      expect(Math.max(...map.map(Math.abs))).toBeGreaterThan(0);
      // Against the app's own map of two pictures; a difference of nearly equal scores has few digits.
      expect(difference).not.toBeNull();
      expect(difference).toBeLessThan(1e-3);
    },
    180_000,
  );

  it("refuses operators of one runtime alone", async () => {
    const path = modelOf(
      affine.replace(
        "map = Conv(image, e)",
        "c = Conv(image, e)\n  map = com.microsoft.SampleOp(c)",
      ),
    );
    const request = { modelPath: path, method: "recipro-cam", tap: null, version: "1" } as const;
    await expect(exportModel(request)).rejects.toMatchObject({
      code: "export/not-standard",
      details: { op: "com.microsoft:SampleOp" },
    });
  });
});

/** `[3,3,size,size]`, x / 255 by ImageNet's mean and spread. */
async function photographs(size: number): Promise<Tensor> {
  const [mean, std] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ];
  const n = size * size;
  const names = ["cat", "horse", "ship"];
  const data = new Float32Array(names.length * 3 * n);
  for (const [i, name] of names.entries()) {
    const file = sharp(fixture(`golden/inputs/cifar_${name}.png`)).removeAlpha();
    const pixels = await file.resize(size, size, { fit: "fill" }).raw().toBuffer();
    for (let c = 0; c < 3; c++)
      for (let p = 0; p < n; p++)
        data[(i * 3 + c) * n + p] = (pixels[p * 3 + c] / 255 - mean[c]) / std[c];
  }
  return { dims: [names.length, 3, size, size], data };
}

describe.skipIf(!fixturesFolder)(
  "exported networks equal the app within 1e-5, by loops within 1e-4",
  () => {
    it.each([
      "imagenet/squeezenet1.0-fp32",
      "imagenet/mobilenet_v2_1.0_224",
      "mini-cifar10/mini_vit_cifar10",
      "mini-cifar10/mini_swin_cifar10",
      "mini-cifar10/mini_convnext_cifar10",
      "mini-cifar10/mini_vgg_cifar10",
      "mini-cifar10/mini_densenet_cifar10",
    ])(
      "%s",
      async (name) => {
        const path = fixture(`models/${name}.onnx`);
        const images = await photographs(name.startsWith("imagenet") ? 224 : 32);
        const model = await openModel(path);
        const session = await model.open(null);
        const isPooled = session.head.kind === "pooled-linear";
        // A pass of the tail per channel: on the small networks, and where the batch is free.
        const hasLoops = name.startsWith("mini") && session.description.input.fixedBatch === null;
        const looped = ["ablation-cam", "fd-cam"];
        const methods = exportedMethods.filter(
          (id) => isPooled || (id !== "cam" && (hasLoops || !looped.includes(id))),
        );
        const items = await explainBatch({
          session,
          methods: methods.map(methodById),
          images,
          layout: "NCHW",
          target: { kind: "predicted" },
          labels: [null, null, null],
        });
        for (const [m, method] of methods.entries()) {
          const { map, logits, dims } = await exported(path, method, images);
          const [, h, w] = session.tap.grid;
          expect(dims).toEqual([3, h, w]);
          items.forEach((item, i) => {
            const classes = item.logits.length;
            const answers = logits.subarray(i * classes, (i + 1) * classes);
            expect(apart(answers, item.logits), `logits of ${method}`).toBeLessThan(1e-5);
            if (method === "hirescam" && session.tap.isScaleFree) return; // rounding noise, in the app too
            const own = item.maps[m].map ?? [];
            const most = !isPooled && looped.includes(method) ? 1e-4 : 1e-5;
            expect(apart(map.subarray(i * h * w, (i + 1) * h * w), own), method).toBeLessThan(most);
          });
        }
        await Promise.all([session.close(), model.close()]);
      },
      120_000,
    );
  },
);
