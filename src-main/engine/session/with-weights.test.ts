import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";
import type { WeightLayer } from "../../../shared/domain/weights.ts";
import { openModel } from "./open-model.ts";

const demo = join(import.meta.dirname, "../../../assets/demo/chest-resnet.onnx");

function picture(dims: readonly number[]): Tensor {
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

describe("a model with other weights", () => {
  it("gives the same bits where none is changed", async () => {
    const model = await openModel(demo);
    const images = picture([3, 1, 160, 160]);
    const [session, same] = [await model.open(null), await model.withWeights(null, new Map())];
    const [before, after] = [await session.forward(images), await same.forward(images)];
    expect(after.activations.data).toEqual(before.activations.data);
    expect(after.logits.data).toEqual(before.logits.data);
    await Promise.all([session.close(), same.close(), model.close()]);
  });

  it("has its closed form found again: the head of the new weights, not of the old", async () => {
    const model = await openModel(demo);
    const layers = model.layers();
    expect(layers[0]?.op).toBe("Gemm");
    const [session, other] = [
      await model.open(null),
      await model.withWeights(null, turned(layers.slice(0, 1))),
    ];
    const { logits, activations } = await other.forward(picture([1, 1, 160, 160]));
    const [k, h, w] = other.tap.grid;
    const { weights, bias } = other.head;
    const computed = Array.from(bias ?? [], (own, c) => {
      let sum = own;
      for (let i = 0; i < k * h * w; i++)
        sum += (weights?.data[c * k + Math.floor(i / (h * w))] ?? NaN) * activations.data[i];
      return sum;
    });
    computed.forEach((logit, c) => expect(logit).toBeCloseTo(logits.data[c], 3));
    session.head.weights?.data.forEach((value, i) =>
      expect(weights?.data[i]).toBeCloseTo(-value, 5),
    );
    await Promise.all([session.close(), other.close(), model.close()]);
  });

  it("keeps tail and head where only layers before the tap are changed", async () => {
    const model = await openModel(demo);
    const layers = model.layers();
    const [session, other] = [
      await model.open(null),
      await model.withWeights(null, turned(layers.slice(-1))),
    ];
    expect(other.head).toBe(session.head);
    const images = picture([1, 1, 160, 160]);
    expect((await other.forward(images)).logits.data).not.toEqual(
      (await session.forward(images)).logits.data,
    );
    await Promise.all([session.close(), other.close(), model.close()]);
  });

  it
    .skipIf(!fixturesFolder)
    .each([
      "imagenet/mobilenet_v2_1.0_224_qdq_int8",
      "imagenet/mobilenet_v2_1.0_224_qoperator_int8",
    ])("is made of a quantised one, %s", async (name) => {
    const model = await openModel(fixture(`models/${name}.onnx`));
    const layers = model.layers();
    expect(layers.length).toBe(53); // MobileNetV2: a stem, 17 blocks of 2 or 3, the last convolution, the classifier
    const head = layers.slice(0, 1);
    const same = new Map(
      head.flatMap(({ tensors }) => tensors.map((tensor) => [tensor.name, tensor.values()])),
    );
    const [session, dequantised, other] = [
      await model.open(null),
      await model.withWeights(null, same),
      await model.withWeights(null, turned(head)),
    ];
    const images = picture([1, 3, 224, 224]);
    const [before, equal, changed] = [
      await session.forward(images),
      await dequantised.forward(images),
      await other.forward(images),
    ];
    const difference = (a: Tensor, b: Tensor) =>
      Math.max(...a.data.map((value, i) => Math.abs(value - b.data[i])));
    const largest = Math.max(...before.logits.data.map(Math.abs));
    // Integer and float arithmetic round apart, at most by a step or two of the quantised output.
    expect(difference(before.logits, equal.logits)).toBeLessThan(0.03 * largest);
    expect(difference(before.logits, changed.logits)).toBeGreaterThan(0.5 * largest);
    await Promise.all([session.close(), dequantised.close(), other.close(), model.close()]);
  });
});
