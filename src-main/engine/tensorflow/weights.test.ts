import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TapSession } from "../../../shared/domain/engine.ts";
import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";
import type { WeightLayer } from "../../../shared/domain/weights.ts";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { graphModel, graphSide } from "../../../test/support/graph-model.ts";
import { pairedNetwork, pairedSide } from "../../../test/support/paired-network.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { openModel } from "../session/open-model.ts";
import { openTensorFlowModel } from "./open-model.ts";
import { tensorflow } from "./runtime.ts";

async function opened(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await temporaryFolder({ ...files });
  return openTensorFlowModel(join(folder, "model.json"));
}

function picture(side: number): Tensor {
  const dims = [1, side, side, 3];
  return { dims, data: seededNumbers(sizeOf(dims), 3) };
}

/** Each value with the sign turned: another model of the same scale. */
function turned(layers: readonly WeightLayer[]): Map<string, Float32Array> {
  return new Map(
    layers.flatMap(({ tensors }) =>
      tensors.map(({ name, values }) => [name, values().map((value) => -value)] as const),
    ),
  );
}

function unchanged(layers: readonly WeightLayer[]): Map<string, Float32Array> {
  return new Map(
    layers.flatMap(({ tensors }) => tensors.map(({ name, values }) => [name, values()] as const)),
  );
}

const listed = (layers: readonly WeightLayer[]) =>
  layers.map(({ op, tensors }) => [op, ...tensors.map(({ name, role }) => `${name} ${role}`)]);

/** Logits by the session's closed form of its head. */
function closedForm({ head, tap }: TapSession, activations: Tensor): number[] {
  const [k, h, w] = tap.grid;
  return Array.from(head.bias ?? [], (own, c) => {
    let sum = own;
    for (let i = 0; i < k * h * w; i++)
      sum +=
        (head.weights?.data[c * k + Math.floor(i / (h * w))] ?? NaN) * (activations.data[i] ?? NaN);
    return sum;
  });
}

describe("weights of a TF.js layers model", () => {
  it("are listed from the output to the input, with what each tensor is", async () => {
    const model = await opened(pairedNetwork("flattened").tfjs);
    expect(listed(model.layers())).toEqual([
      ["MatMul", "scores/kernel kernel", "scores/bias bias"],
      ["MatMul", "hidden/kernel kernel", "hidden/bias bias"],
      ["Conv", "last/kernel kernel", "last/bias bias"],
      ["Conv", "branch/kernel kernel", "branch/bias bias"],
      [
        "BatchNormalization",
        "norm/gamma statistic",
        "norm/beta statistic",
        "norm/moving_mean statistic",
        "norm/moving_variance statistic",
      ],
      ["Conv", "down/depthwise_kernel kernel"],
      ["Conv", "first/kernel kernel", "first/bias bias"],
    ]);
    await model.close();
  });

  it("changed in the same way as the same network's in ONNX, give the same answers", async () => {
    const { onnx, tfjs } = pairedNetwork("pooled");
    const folder = await temporaryFolder({ "model.onnx": onnx });
    const [ours, theirs] = [await opened(tfjs), await openModel(join(folder, "model.onnx"))];
    const [last, first] = [picture(pairedSide), picture(pairedSide)];
    for (let c = 0; c < 3; c++)
      for (let at = 0; at < pairedSide ** 2; at++)
        first.data[c * pairedSide ** 2 + at] = last.data[at * 3 + c] ?? NaN;
    const layers = [ours.layers().slice(0, 3), theirs.layers().slice(0, 3)] as const; // before the norm: roots need a sign
    const [a, b] = [
      await ours.withWeights(null, turned(layers[0])),
      await theirs.withWeights(null, turned(layers[1])),
    ];
    const [ran, expected, plain] = [
      await a.forward(last),
      await b.forward({ ...first, dims: [1, 3, pairedSide, pairedSide] }),
      await ours.predict(last),
    ];
    ran.logits.data.forEach((value, i) =>
      expect(value).toBeCloseTo(expected.logits.data[i] ?? NaN, 4),
    );
    ran.activations.data.forEach((value, i) =>
      expect(value).toBeCloseTo(expected.activations.data[i] ?? NaN, 4),
    );
    expect(ran.logits.data).not.toEqual(plain.data);
    await Promise.all([a.close(), b.close(), ours.close(), theirs.close()]);
  });
});

describe("weights of a TF.js graph model", () => {
  it("are listed with the bias of a node of its own, and the fused one's", async () => {
    const model = await opened(graphModel());
    expect(listed(model.layers())).toEqual([
      ["MatMul", "scores/kernel kernel", "scores/bias bias"],
      ["Conv", "features/kernel kernel", "features/bias bias"],
      ["Conv", "stem/kernel kernel", "stem/bias bias"],
    ]);
    await model.close();
  });

  it.skipIf(!fixturesFolder).each([
    // A stem, 13 pairs of a depthwise and a pointwise convolution, the classifier.
    ["mobilenet_v1_0.25_224_graph", 28],
    // MobileNetV2 0.35: 52 convolutions with as many norms, two dense layers.
    ["teachable_machine_asl", 106],
  ])("are found in %s, all of them", async (name, count) => {
    const model = await openTensorFlowModel(fixture(`tfjs/${name}/model.json`));
    const layers = model.layers();
    expect(layers).toHaveLength(count);
    const values = layers.flatMap(({ tensors }) => tensors.map(({ dims }) => sizeOf(dims)));
    expect(values.every((size) => size > 0)).toBe(true);
    expect(new Set(layers.flatMap(({ tensors }) => tensors.map((one) => one.name))).size).toBe(
      values.length,
    );
    await model.close();
  });
});

const kinds = [
  ["layers", pairedNetwork("pooled").tfjs, pairedSide],
  ["graph", graphModel(), graphSide],
] as const;

describe.each(kinds)("a TF.js %s model with other weights", (_, files, side) => {
  it("gives the same bits where none is changed, or changed to what it is", async () => {
    const model = await opened(files);
    const images = picture(side);
    const [session, none, same] = [
      await model.open(null),
      await model.withWeights(null, new Map()),
      await model.withWeights(null, unchanged(model.layers())),
    ];
    const before = await session.gradient(images, "predicted");
    for (const other of [none, same]) {
      const after = await other.gradient(images, "predicted");
      expect(after.activations.data).toEqual(before.activations.data);
      expect(after.gradients.data).toEqual(before.gradients.data);
      expect(after.logits.data).toEqual(before.logits.data);
    }
    await Promise.all([session.close(), none.close(), same.close(), model.close()]);
  });

  it("has its closed form found again: the head of the new weights, not of the old", async () => {
    const model = await opened(files);
    const images = picture(side);
    const [session, other] = [
      await model.open(null),
      await model.withWeights(null, turned(model.layers().slice(0, 1))),
    ];
    const { logits, activations } = await other.forward(images);
    closedForm(other, activations).forEach((logit, c) =>
      expect(logit).toBeCloseTo(logits.data[c] ?? NaN, 4),
    );
    const plain = await session.forward(images);
    expect(activations.data).toEqual(plain.activations.data);
    logits.data.forEach((logit, c) => expect(logit).toBeCloseTo(-(plain.logits.data[c] ?? NaN), 4));
    await Promise.all([session.close(), other.close(), model.close()]);
  });

  it("leaves nothing on the device, and the model itself as it was", async () => {
    const { tf } = await tensorflow();
    const before = tf.memory().numTensors;
    const model = await opened(files);
    const images = picture(side);
    const plain = await model.predict(images);
    const level = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      const other = await model.withWeights(null, turned(model.layers().slice(-1)));
      expect((await other.forward(images)).logits.data).not.toEqual(plain.data);
      await other.close();
    }
    expect(tf.memory().numTensors).toBe(level);
    expect((await model.predict(images)).data).toEqual(plain.data);
    await model.close();
    expect(tf.memory().numTensors).toBe(before);
  });
});

it("replaces weights that are stored as bytes by numbers as they are", async () => {
  const files = graphModel();
  const model = JSON.parse(files["model.json"]) as {
    weightsManifest: { weights: { name: string; shape: number[]; quantization?: object }[] }[];
  };
  const all = new Uint8Array(files["weights.bin"]);
  const stored: Uint8Array[] = [];
  let at = 0;
  for (const weight of model.weightsManifest[0]?.weights ?? []) {
    const count = sizeOf(weight.shape);
    const own = all.slice(at, at + 4 * count);
    at += 4 * count;
    if (!weight.name.endsWith("/kernel")) {
      stored.push(own);
      continue;
    }
    weight.quantization = { dtype: "uint8", scale: 1 / 128, min: -1 };
    const values = new Float32Array(own.buffer);
    stored.push(Uint8Array.from(values, (value) => Math.round((value + 1) * 128)));
  }
  const quantised = await opened({
    "model.json": JSON.stringify(model),
    "weights.bin": Buffer.concat(stored),
  });
  const layers = quantised.layers();
  const [kernel] = layers[0]?.tensors ?? [];
  kernel?.values().forEach((value) => expect(value * 128).toBeCloseTo(Math.round(value * 128), 3));
  const images = picture(graphSide);
  const same = await quantised.withWeights(null, unchanged(layers));
  expect((await same.forward(images)).logits.data).toEqual((await quantised.predict(images)).data);
  await Promise.all([same.close(), quantised.close()]);
});
