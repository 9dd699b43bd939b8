import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TapSession } from "../../../shared/domain/engine.ts";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { asKeras3 } from "../../../test/support/keras-3.ts";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import {
  pairedClasses,
  pairedNetwork,
  pairedSide,
  type PairedHead,
} from "../../../test/support/paired-network.ts";
import { createRandom } from "../../../test/support/seeded.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { explainBatch } from "../cam/explain.ts";
import { methodById } from "../cam/registry.ts";
import { openModel } from "../session/open-model.ts";
import { openTensorFlowModel } from "./open-model.ts";
import { tensorflow } from "./runtime.ts";

const rows = 2;
const methods: readonly MethodId[] = [
  "cam",
  "grad-cam",
  "hirescam",
  "grad-cam++",
  "layercam",
  "xgrad-cam",
  "score-cam",
  "ablation-cam",
  "recipro-cam",
  "eigen-cam",
];

/** The same noise in both orders of dims. */
function pictures(side = pairedSide): { readonly first: Tensor; readonly last: Tensor } {
  const random = createRandom(7);
  const last = Float32Array.from({ length: rows * side * side * 3 }, () => 2 * random() - 0.5);
  const first = new Float32Array(last.length);
  for (let n = 0; n < rows; n++)
    for (let at = 0; at < side * side; at++)
      for (let c = 0; c < 3; c++)
        first[(n * 3 + c) * side * side + at] = last[(n * side * side + at) * 3 + c] ?? 0;
  return {
    first: { dims: [rows, 3, side, side], data: first },
    last: { dims: [rows, side, side, 3], data: last },
  };
}

/** Largest difference, in shares of the largest value. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [worst, largest] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    worst = Math.max(worst, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)));
    largest = Math.max(largest, Math.abs(b[i] ?? 0));
  }
  return a.length === b.length && largest > 0 ? worst / largest : Infinity;
}

function mapsOf(session: TapSession, images: Tensor, layout: "NCHW" | "NHWC", wanted: MethodId[]) {
  return explainBatch({
    session,
    methods: wanted.map(methodById),
    images,
    layout,
    target: { kind: "predicted" },
    labels: [null, null],
    randomSeeds: [1, 2],
    inputSpread: 0.5,
  });
}

async function openPair(head: PairedHead) {
  const { onnx, tfjs } = pairedNetwork(head);
  const folder = await temporaryFolder({ "model.onnx": onnx, ...tfjs });
  return [
    await openModel(join(folder, "model.onnx")),
    await openTensorFlowModel(join(folder, "model.json")),
  ] as const;
}

describe.each<PairedHead>(["pooled", "flattened"])("the same network twice, %s", (head) => {
  it("offers the same layers for the same reasons, and the same methods", async () => {
    const [onnx, tfjs] = await openPair(head);
    const seen = ({ taps }: typeof onnx.description) =>
      taps.map(({ name, grid, reason, isDefault, isScaleFree }) => ({
        name,
        grid,
        reason,
        isDefault,
        isScaleFree,
      }));
    expect(seen(tfjs.description)).toEqual(seen(onnx.description));
    expect(tfjs.description.taps.map(({ layout }) => layout)).toContain("channels-last");
    expect(tfjs.description.head).toBe(onnx.description.head);
    expect(tfjs.description.output).toMatchObject({ classes: pairedClasses, stripped: "softmax" });
    const graphOnly = new Set(["fullgrad"]);
    const support = (all: typeof onnx.description.methods) =>
      all
        .filter(({ method }) => !graphOnly.has(method))
        .map(({ method, supported }) => `${method} ${supported}`);
    expect(support(tfjs.description.methods)).toEqual(support(onnx.description.methods));
  });

  it("gives the same logits and maps at every layer", async () => {
    const [onnx, tfjs] = await openPair(head);
    const { first, last } = pictures();
    expect(apart((await tfjs.predict(last)).data, (await onnx.predict(first)).data)).toBeLessThan(
      1e-5,
    );
    for (const { name } of onnx.description.taps) {
      const [a, b] = [await onnx.open(name), await tfjs.open(name)];
      const wanted = methods.filter((id) =>
        a.methods.some(({ method, supported }) => method === id && supported),
      );
      const theirs = await mapsOf(a, first, "NCHW", wanted);
      const ours = await mapsOf(b, last, "NHWC", wanted);
      ours.forEach(({ maps, logits, target }, i) => {
        expect(target).toBe(theirs[i]?.target);
        expect(apart(logits, theirs[i]?.logits ?? [])).toBeLessThan(1e-5);
        maps.forEach(({ map }, m) =>
          expect
            .soft(apart(map ?? [], theirs[i]?.maps[m]?.map ?? []), `${wanted[m]} at ${name}`)
            .toBeLessThan(1e-3),
        );
      });
      await Promise.all([a.close(), b.close()]);
    }
  }, 60_000);
});

it("solves a pooled head that agrees with the general path to 1e-5", async () => {
  const [, model] = await openPair("pooled");
  const { last } = pictures();
  const session = await model.open(null);
  expect(session.head.kind).toBe("pooled-linear");
  const seed = {
    dims: [rows, pairedClasses],
    data: new Float32Array(rows * pairedClasses).fill(0.5, 3),
  };
  const closed = await session.gradient(last, seed);
  const general = await session.read(last, [session.tap.name], seed);
  const slope = general.gradients.get(session.tap.name)?.data ?? new Float32Array(0);
  const [k, h, w] = session.tap.grid;
  const turned = Float32Array.from({ length: slope.length }, (_, at) => {
    const [n, rest] = [Math.floor(at / (k * h * w)), at % (k * h * w)];
    return slope[n * k * h * w + (rest % (h * w)) * k + Math.floor(rest / (h * w))] ?? 0;
  });
  expect(apart(closed.gradients.data, turned)).toBeLessThan(1e-5);
  const { logits, activations } = await session.forward(last);
  const { weights, bias } = session.head;
  const again = Array.from(logits.data, (_, at) => {
    const [n, c] = [Math.floor(at / pairedClasses), at % pairedClasses];
    let score = bias?.[c] ?? NaN;
    for (let i = 0; i < k * h * w; i++)
      score +=
        (weights?.data[c * k + Math.floor(i / (h * w))] ?? NaN) *
        (activations.data[n * k * h * w + i] ?? NaN);
    return score;
  });
  expect(apart(again, logits.data)).toBeLessThan(1e-5);
});

it("holds no more tensors after a hundred runs, and none of a closed model", async () => {
  const { tf } = await tensorflow();
  const before = tf.memory().numTensors;
  const [, model] = await openPair("flattened");
  const { last } = pictures();
  const session = await model.open(model.description.taps.at(-1)?.name ?? null);
  const run = async () => {
    const passed = await session.gradient(last, "predicted");
    await session.tail(passed, passed.activations, Int32Array.of(0, 1));
    await session.tailGradient(passed, passed.activations, Int32Array.of(0, 1), {
      dims: [rows, pairedClasses],
      data: new Float32Array(rows * pairedClasses).fill(1),
    });
    await session.read(last, ["features"], null);
  };
  await run();
  const level = tf.memory().numTensors;
  for (let i = 0; i < 100; i++) await run();
  expect(tf.memory().numTensors).toBe(level);
  await session.close();
  await model.close();
  expect(tf.memory().numTensors).toBe(before);
});

it("takes what crosses the cut from the image a row belongs to", async () => {
  const [, model] = await openPair("pooled");
  const session = await model.open("branch"); // the skip connection passes it by
  const { last } = pictures();
  const passed = await session.forward(last);
  const size = passed.activations.data.length / rows;
  const swapped = new Float32Array(2 * size);
  swapped.set(passed.activations.data.subarray(size), 0);
  swapped.set(passed.activations.data.subarray(0, size), size);
  const dims = passed.activations.dims;
  const { data } = await session.tail(passed, { dims, data: swapped }, Int32Array.of(1, 0));
  const own = passed.logits.data;
  expect(
    apart(data, [...own.subarray(pairedClasses), ...own.subarray(0, pairedClasses)]),
  ).toBeLessThan(1e-5);
});

it("reads Keras 3's way of writing the same model", async () => {
  const { tfjs } = pairedNetwork("flattened");
  const model3 = asKeras3(JSON.parse(tfjs["model.json"]) as Parameters<typeof asKeras3>[0]);
  const folder = await temporaryFolder({
    "2/model.json": tfjs["model.json"],
    "2/weights.bin": tfjs["weights.bin"],
    "3/model.json": JSON.stringify(model3),
    "3/weights.bin": tfjs["weights.bin"],
  });
  const { last } = pictures();
  const answers = await Promise.all(
    ["2", "3"].map(async (version) =>
      (await openTensorFlowModel(join(folder, version, "model.json"))).predict(last),
    ),
  );
  expect(answers[1]?.data).toEqual(answers[0]?.data);
});

it.skipIf(!fixturesFolder)("reads doodlenet as Keras 3 would write it", async () => {
  const path = fixture("tfjs/doodlenet");
  const text = readFileSync(join(path, "model.json"), "utf8");
  const model3 = asKeras3(JSON.parse(text) as Parameters<typeof asKeras3>[0]);
  const weights = readFileSync(join(path, "group1-shard1of1.bin"));
  const folder = await temporaryFolder({
    "model.json": JSON.stringify(model3),
    "group1-shard1of1.bin": weights,
  });
  const random = createRandom(3);
  const images = {
    dims: [1, 28, 28, 1],
    data: Float32Array.from({ length: 784 }, () => random()),
  };
  const theirs = await (await openTensorFlowModel(join(path, "model.json"))).predict(images);
  const ours = await (await openTensorFlowModel(join(folder, "model.json"))).predict(images);
  expect(ours.data).toEqual(theirs.data);
});

it("reads weights of one byte within the step they are stored in", async () => {
  const { tfjs } = pairedNetwork("pooled");
  const model = JSON.parse(tfjs["model.json"]) as {
    weightsManifest: { weights: { name: string; shape: number[]; quantization?: object }[] }[];
  };
  const values = new Float32Array(new Uint8Array(tfjs["weights.bin"]).buffer);
  const stored: Uint8Array[] = [];
  const restored: Float32Array[] = [];
  let at = 0;
  for (const weight of model.weightsManifest[0]?.weights ?? []) {
    const count = weight.shape.reduce((size, dim) => size * dim, 1);
    const own = values.subarray(at, at + count);
    at += count;
    const min = Math.min(...own);
    const scale = (Math.max(...own) - min) / 255;
    const bytes = Uint8Array.from(own, (value) => Math.round((value - min) / scale));
    weight.quantization = { dtype: "uint8", scale, min };
    stored.push(bytes);
    restored.push(Float32Array.from(bytes, (byte) => byte * scale + min));
  }
  const folder = await temporaryFolder({
    "a/model.json": JSON.stringify(model),
    "a/weights.bin": Buffer.concat(stored),
    "b/model.json": tfjs["model.json"],
    "b/weights.bin": Buffer.concat(restored.map((one) => new Uint8Array(one.buffer))),
  });
  const { last } = pictures();
  const [a, b] = await Promise.all(
    ["a", "b"].map(async (name) =>
      (await openTensorFlowModel(join(folder, name, "model.json"))).predict(last),
    ),
  );
  expect(apart(a?.data ?? [], b?.data ?? [])).toBeLessThan(1e-6);
});
