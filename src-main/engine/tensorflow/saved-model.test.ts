import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { nativeFolder, tensorFlowPlace } from "../../../test/support/native-tensorflow.ts";
import { savedModel } from "../../../test/support/saved-model.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { classProbability } from "../kernels/scores.ts";
import { openAnyModel } from "../open-any-model.ts";

const side = 4;
const why = tensorFlowPlace ? "" : " (skipped: no TensorFlow on this machine)";

async function opened(options: Omit<Parameters<typeof savedModel>[0], "side">) {
  const folder = join(await temporaryFolder(), "model");
  mkdirSync(folder);
  writeFileSync(join(folder, "saved_model.pb"), savedModel({ side, ...options }));
  return openAnyModel(folder);
}

/** Pictures of one colour each, `[N, 4, 4, channels]`. */
function plain(...colours: readonly (readonly number[])[]) {
  const [channels = 0] = colours.map(({ length }) => length);
  const data = colours.flatMap((colour) =>
    Array.from({ length: side * side }, () => colour).flat(),
  );
  return { dims: [colours.length, side, side, channels], data: Float32Array.from(data) };
}

describe.skipIf(!tensorFlowPlace)(`a SavedModel${why}`, () => {
  beforeAll(async () => {
    process.env["HANSIGHT_TENSORFLOW_ADDON"] = await nativeFolder(); // read when TensorFlow is loaded, which is later
  }, 600_000);

  const weights = Float32Array.of(1, -2, 0.5, 0, 3, -1); // [3 channels, 2 classes]
  const bias = Float32Array.of(0.25, -0.5);

  it("gives the scores that its graph computes, as it is", async () => {
    const model = await opened({ weights, bias, squash: "Identity" });
    const { device, format, input, output, taps } = model.description;
    expect(device).toMatch(/^tensorflow · native (CPU|CUDA)$/);
    expect({ format, taps }).toEqual({ format: "saved-model", taps: [] });
    expect(input).toMatchObject({ channels: 3, heightPx: side, widthPx: side, fixedBatch: null });
    expect(output).toMatchObject({ classes: 2, stripped: "none" });
    const { dims, data } = await model.predict(plain([1, 2, 3], [-1, 0, 4]));
    // First: 1 + 2 · 0.5 + 3 · 3 + 0.25 and −2 + 0 − 3 − 0.5; second: −1 + 12 + 0.25 and 2 − 4 − 0.5.
    expect(dims).toEqual([2, 2]);
    [11.25, -5.5, 11.25, -2.5].forEach((value, i) => expect(data[i]).toBeCloseTo(value, 5));
    await model.close();
  });

  it("tells probabilities as logits, whose softmax gives them back", async () => {
    const model = await opened({ weights, bias, squash: "Softmax" });
    expect(model.description.output.stripped).toBe("softmax");
    const { data } = await model.predict(plain([0.1, 0.2, 0.3]));
    // 0.1 + 0.1 + 0.9 + 0.25 = 1.35 and −0.2 − 0.3 − 0.5 = −1: probability 1 / (1 + e^−2.35).
    expect(classProbability(data, 0)).toBeCloseTo(1 / (1 + Math.exp(-2.35)), 6);
    await model.close();
  });

  it("with one sigmoid output says which of two sides: its logit has the sign", async () => {
    const single = Float32Array.of(1, 1, -1);
    const model = await opened({ weights: single, bias: Float32Array.of(0.5), squash: "Sigmoid" });
    expect(model.description.output).toMatchObject({ classes: 1, stripped: "sigmoid" });
    const { dims, data } = await model.predict(plain([1, 1, 0], [0, 0, 3]));
    expect(dims).toEqual([2, 1]);
    expect(data[0]).toBeCloseTo(2.5, 4);
    expect(data[1]).toBeCloseTo(-2.5, 4);
    expect(classProbability(data.subarray(0, 1), 1)).toBeCloseTo(1 / (1 + Math.exp(-2.5)), 6);
    await model.close();
  });

  it("with one sigmoid for each class keeps each side's own probability", async () => {
    const model = await opened({ weights, bias, squash: "Sigmoid" });
    expect(model.description.output).toMatchObject({ classes: 2, stripped: "sigmoid" });
    const { data } = await model.predict(plain([0.1, 0.2, 0.3]));
    expect(data[0]).toBeCloseTo(1.35, 4);
    expect(data[1]).toBeCloseTo(-1, 4);
    await model.close();
  });

  it("whose one output is a plain score keeps it", async () => {
    const single = { weights: Float32Array.of(1, 1, -1), bias: Float32Array.of(0.5) };
    const model = await opened({ ...single, squash: "Identity" });
    expect(model.description.output).toMatchObject({ classes: 1, stripped: "none" });
    expect((await model.predict(plain([0, 0, 3]))).data[0]).toBeCloseTo(-2.5, 5);
    await model.close();
  });

  it("shows no layer: no map, no weights to test, and says so by name", async () => {
    const model = await opened({ weights, bias, squash: "Identity" });
    const refused = { code: "tensorflow/no-taps" };
    await expect(model.open(null)).rejects.toMatchObject(refused);
    await expect(model.withWeights(null, new Map())).rejects.toMatchObject(refused);
    expect(() => model.layers()).toThrow(expect.objectContaining(refused) as Error);
    expect(model.description.methods.every(({ supported }) => !supported)).toBe(true);
    await expect(model.predict(plain([1, 2]))).rejects.toMatchObject({ code: "model/wrong-input" });
    await model.close();
  });
});
