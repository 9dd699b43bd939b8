import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { methodIds, type MethodId } from "../../../shared/domain/method-id.ts";
import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";
import type { ModelDescription } from "../../../shared/domain/model.ts";
import { floatsOf } from "../onnx/constant.ts";
import type { Constant } from "../onnx/graph.ts";
import { parseModel } from "../onnx/wire.ts";
import { createSession } from "./runtime.ts";
import { openModel } from "./open-model.ts";

/** The layer to explain, as the fixtures' README names it: tensor, grid, head. */
const expectedTaps: Record<string, [tap: string, grid: string, head: string]> = {
  "imagenet/squeezenet1.0-fp16": ["fire9/concat_1", "512,13,13", "general"],
  "imagenet/squeezenet1.0-fp32": ["fire9/concat_1", "512,13,13", "general"],
  "imagenet/mobilenet_v1_0.25_224": ["conv_2d_26_relu6", "256,7,7", "pooled-linear"],
  "imagenet/mobilenet_v1_0.5_160_nhwc_uint8": ["conv_2d_26_relu6", "512,5,5", "pooled-linear"],
  "imagenet/mobilenet_v2_1.0_224": ["conv_2d_61_relu6", "1280,7,7", "pooled-linear"],
  "imagenet/mobilenet_v2_1.0_224_qdq_int8": [
    "conv_2d_61_relu6_DequantizeLinear_Output",
    "1280,7,7",
    "general",
  ],
  "imagenet/mobilenet_v2_1.0_224_qoperator_int8": [
    "conv_2d_61_quantized/dequantised",
    "1280,7,7",
    "general",
  ],
  // Class maps: gradient-graph.md 1.3 steps back to what their convolution reads.
  "domain/fer2013_mini_xception": ["add_4", "128,4,4", "affine"],
  "domain/vww_96_nhwc": ["conv_2d_26_relu", "256,3,3", "pooled-linear"],
  "domain/minifasnet_v2_80": ["/conv_6_sep/prelu/PRelu_output_0", "512,5,5", "affine"],
  "domain/ppocr_text_direction_cls": ["hard_swish_17.tmp_0", "200,2,96", "general"],
  "cifar10/winml_cnn": ["43", "24,10,10", "affine"],
  "cifar10/resnet20_torchscript_op13": [
    "/layer3/layer3.2/Relu_1_output_0",
    "64,8,8",
    "pooled-linear",
  ],
  "cifar10/resnet20_dynamo_op18": ["relu_18", "64,8,8", "pooled-linear"],
  "cifar10/resnet32_external/resnet32_cifar10": [
    "/layer3/layer3.4/Relu_1_output_0",
    "64,8,8",
    "pooled-linear",
  ],
  "cifar10/mlperf_tiny_resnet8": ["add_11_relu", "64,8,8", "pooled-linear"],
  "mini-cifar10/mini_vit_cifar10": ["layer_norm_10", "96,8,8", "general"],
  "mini-cifar10/mini_vit_gap_cifar10": [
    "/blocks/blocks.3/norm1/LayerNormalization_output_0",
    "96,8,8",
    "general",
  ],
  "mini-cifar10/mini_deit_distilled_cifar10": [
    "/blocks/blocks.3/norm1/Add_1_output_0",
    "96,8,8",
    "general",
  ],
  "mini-cifar10/mini_swin_cifar10": [
    "/layers/layers.2/blocks/blocks.1/norm2/LayerNormalization_output_0",
    "144,4,4",
    "general",
  ],
  "mini-cifar10/mini_convnext_cifar10": ["add_222", "64,4,4", "general"],
  "mini-cifar10/mini_densenet_cifar10": ["/Relu_output_0", "111,8,8", "pooled-linear"],
  "mini-cifar10/mini_efficientnet_cifar10": [
    "/features/features.6/features.6.2/Mul_output_0",
    "256,8,8",
    "pooled-linear",
  ],
  "mini-cifar10/mini_mobilenetv3_cifar10": ["hardswish_7", "384,8,8", "general"],
  "mini-cifar10/mini_shufflenetv2_cifar10": [
    "/conv5/conv5.2/Relu_output_0",
    "256,4,4",
    "pooled-linear",
  ],
  "mini-cifar10/mini_vgg_cifar10": ["/features/features.13/Relu_output_0", "96,8,8", "general"],
  "mini-cifar10/mini_vig_cifar10": [
    "/backbone/backbone.3/backbone.3.1/Add_output_0",
    "80,8,8",
    "general",
  ],
  "mini-cifar10/mini_mobilevit_cifar10": [
    "/stages/stages.3/stages.3.1/conv_fusion/bn/act/Mul_output_0",
    "64,4,4",
    "general",
  ],
  "mnist/mnist-cntk": ["ReLU114_Output_0", "16,14,14", "general"],
  "edge/squeezenet_custom_vision_zipmap": ["fire9_concat", "512,14,14", "pooled-linear"],
};

/** Heads that round: no second derivative. */
const roundedHeads = new Set([
  "imagenet/mobilenet_v2_1.0_224_qdq_int8",
  "imagenet/mobilenet_v2_1.0_224_qoperator_int8",
]);

const ppocrSize = { heightPx: 48, widthPx: 192 };

function open(model: string) {
  return openModel(fixture(`models/${model}.onnx`), model.includes("ppocr") ? ppocrSize : {});
}

/** Two different pictures of waves, in the range that the model reads. */
function pictures({ input }: ModelDescription, model: string): Tensor {
  const [h, w] = [input.heightPx ?? ppocrSize.heightPx, input.widthPx ?? ppocrSize.widthPx];
  const one = input.layout === "NCHW" ? [input.channels, h, w] : [h, w, input.channels];
  const size = sizeOf(one);
  const isRaw = /squeezenet|mnist|resnet8|minifasnet|uint8/.test(model);
  const data = new Float32Array(2 * size).map((_, i) => {
    const wave = Math.sin(i * 0.013 + Math.floor(i / size) * 2);
    return isRaw ? Math.round(100 + 90 * wave) : 1.5 * wave;
  });
  return { dims: [2, ...one], data };
}

/** Largest difference as a share of the largest number. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let [worst, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    worst = Math.max(worst, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)));
    largest = Math.max(largest, Math.abs(a[i] ?? NaN));
  }
  return worst / largest;
}

function rows(tensor: Tensor, ...picked: number[]): Tensor {
  const rest = tensor.dims.slice(1);
  const size = sizeOf(rest);
  const data = new Float32Array(picked.length * size);
  picked.forEach((row, i) =>
    data.set(tensor.data.subarray(row * size, (row + 1) * size), i * size),
  );
  return { dims: [picked.length, ...rest], data };
}

/** What the file itself answers, before any pass. */
async function plainScores(model: string, description: ModelDescription, image: Tensor) {
  const path = fixture(`models/${model}.onnx`);
  const { graph } = parseModel(readFileSync(path), (location, offset, length) =>
    readFileSync(join(dirname(path), location)).subarray(offset, offset + (length ?? 0)),
  );
  const isBytes = description.input.elementType === "u8";
  const feed: Constant = isBytes
    ? { type: "u8", dims: image.dims, bytes: Uint8Array.from(image.data) }
    : { type: "f32", dims: image.dims, bytes: new Uint8Array(image.data.slice().buffer) };
  const session = await createSession(graph);
  const { name } = description.output;
  const scores = (await session.run(new Map([[description.input.name, feed]]), [name])).get(name);
  await session.close();
  return floatsOf(scores!); // an output that was asked for
}

function squash(logits: Float32Array, kind: ModelDescription["output"]["stripped"]): number[] {
  const values = [...logits];
  if (kind === "none") return values;
  if (kind === "sigmoid") return values.map((value) => 1 / (1 + Math.exp(-value)));
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Methods that look for more in a graph than these are tested beside what finds it. */
const watched: ReadonlySet<MethodId> = new Set(["cam", "shapley-cam", "fg-cam", "fg-cam-denoised"]);
/** Relevance has no rule for tokens, for LayerNormalization, and for the maximum over neighbours. */
const unswept = new Set(
  ["mini_vit", "mini_vit_gap", "mini_deit_distilled", "mini_swin", "mini_convnext", "mini_vig"]
    .concat("mini_mobilevit")
    .map((name) => `mini-cifar10/${name}_cifar10`),
);

describe.skipIf(!fixturesFolder)("every classifier of the fixtures", () => {
  it("has a line in the table below", () => {
    const listed = JSON.parse(readFileSync(fixture("models/models.json"), "utf8")) as {
      file: string;
    }[]; // fixtures of our own making
    const files = listed.map(({ file }) => file.replace(/^models\/|\.onnx$/g, ""));
    expect(Object.keys(expectedTaps).toSorted()).toEqual(files.toSorted());
  });

  it.each(Object.keys(expectedTaps))("%s", { timeout: 120_000 }, async (name) => {
    const model = await open(name);
    const { description } = model;
    const [tap, grid, head] = expectedTaps[name]!; // its own keys
    const [first] = description.taps;
    expect([first?.name, first?.grid.join(), description.head]).toEqual([tap, grid, head]);
    expect(description.methods.map(({ method }) => method)).toEqual(methodIds);
    const refused = description.methods.filter(
      ({ supported, method }) => !supported && watched.has(method),
    );
    const isRounded = roundedHeads.has(name);
    expect(refused.map(({ method }) => method)).toEqual([
      ...(head === "pooled-linear" ? [] : ["cam"]),
      ...(isRounded ? ["shapley-cam"] : []),
      ...(unswept.has(name) ? ["fg-cam", "fg-cam-denoised"] : []),
    ]);

    // Logits are those of the file, whatever the batch.
    const images = pictures(description, name);
    const logits = await model.predict(images);
    expect(logits.dims).toEqual([2, description.output.classes]);
    const second = await model.predict(rows(images, 1));
    expect(difference(rows(logits, 1).data, second.data)).toBeLessThan(1e-6);
    // Dictionaries and half precision do not come through the runtime's bindings.
    if (!/zipmap|fp16/.test(name)) {
      const plain = await plainScores(name, description, rows(images, 1));
      expect(difference(plain, squash(second.data, description.output.stripped))).toBeLessThan(
        1e-5,
      );
    }

    // The general path checks itself against measured slopes and refuses where it differs.
    const session = await model.open(null);
    const passed = await session.forward(images);
    const { gradients, activations } = await session.gradient(images, "top-2");
    expect(gradients.dims).toEqual([2, ...session.tap.grid]);
    expect(gradients.data.some((value) => value !== 0)).toBe(true);
    expect(gradients.data.every(Number.isFinite)).toBe(true);
    const alone = await session.gradient(rows(images, 1), "top-2");
    expect(difference(rows(gradients, 1).data, alone.gradients.data)).toBeLessThan(1e-4);
    expect(difference(passed.activations.data, activations.data)).toBeLessThan(1e-5);

    // Tails: every row from its own image.
    const order = [1, 0, 1];
    const tails = await session.tail(passed, rows(activations, ...order), Int32Array.from(order));
    expect(difference(rows(logits, ...order).data, tails.data)).toBeLessThan(1e-5);
    await session.close();

    // At the earliest tap offered too, where skip connections and windows cross the cut.
    const early = await model.open(description.taps.at(-1)?.name ?? null);
    const from = await early.forward(images);
    const again = await early.tail(from, rows(from.activations, ...order), Int32Array.from(order));
    // A quantised tail of its own rounds where the whole model fuses.
    const allowed = name.includes("int8") ? 5e-2 : 1e-5;
    expect(difference(rows(logits, ...order).data, again.data)).toBeLessThan(allowed);
    await Promise.all([early.close(), model.close()]);
  });
});

describe.skipIf(!fixturesFolder)("half precision", () => {
  it("is widened: logits and gradients are those of the float32 sibling, up to its rounded weights", async () => {
    const results = await Promise.all(
      ["imagenet/squeezenet1.0-fp16", "imagenet/squeezenet1.0-fp32"].map(async (name) => {
        const model = await open(name);
        const session = await model.open(null);
        const result = await session.gradient(pictures(model.description, name), "predicted");
        await Promise.all([session.close(), model.close()]);
        return result;
      }),
    );
    const [half, full] = results as [(typeof results)[0], (typeof results)[0]]; // two names, two results
    expect(difference(full.logits.data, half.logits.data)).toBeLessThan(2e-3);
    expect(cosine(full.gradients.data, half.gradients.data)).toBeGreaterThan(0.995);
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (p: Float32Array, q: Float32Array) =>
    p.reduce((sum, v, i) => sum + v * (q[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe.skipIf(!fixturesFolder)("seeds", () => {
  const names = [
    "mini-cifar10/mini_vit_cifar10",
    "imagenet/squeezenet1.0-fp32",
    "cifar10/winml_cnn",
  ];

  it.each(names)("found in the run equal those given from outside: %s", async (name) => {
    const model = await open(name);
    const session = await model.open(null);
    const images = pictures(model.description, name);
    const { logits } = await session.forward(images);
    const [count = 0, classes = 0] = logits.dims;
    const seed = { dims: logits.dims, data: new Float32Array(count * classes) };
    for (let row = 0; row < count; row++) {
      const own = [...rows(logits, row).data];
      const [best = 0, next = 0] = own.toSorted((a, b) => b - a).map((value) => own.indexOf(value));
      seed.data[row * classes + best] = 1;
      seed.data[row * classes + next] = -1;
    }
    const given = await session.gradient(images, seed);
    const found = await session.gradient(images, "top-2");
    expect(difference(given.gradients.data, found.gradients.data)).toBeLessThan(1e-6);
    await Promise.all([session.close(), model.close()]);
  });

  it("are linear: a contrast is the difference of its classes", async () => {
    const name = "imagenet/squeezenet1.0-fp32";
    const model = await open(name);
    const session = await model.open(null);
    const images = rows(pictures(model.description, name), 0);
    const oneHot = (...pairs: [number, number][]) => {
      const data = new Float32Array(1000);
      for (const [c, weight] of pairs) data[c] = weight;
      return { dims: [1, 1000], data };
    };
    const gradientOf = async (seed: Tensor) =>
      (await session.gradient(images, seed)).gradients.data;
    const [a, b] = [await gradientOf(oneHot([7, 1])), await gradientOf(oneHot([300, 1]))];
    const both = await gradientOf(oneHot([7, 1], [300, -0.5]));
    expect(
      difference(
        both,
        a.map((value, i) => value - 0.5 * (b[i] ?? 0)),
      ),
    ).toBeLessThan(1e-6);
    await Promise.all([session.close(), model.close()]);
  });
});
