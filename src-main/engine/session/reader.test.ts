import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openModel } from "./open-model.ts";

const demo = join(import.meta.dirname, "../../../assets/demo/chest-resnet.onnx");
const [side, classes] = [160, 4];
const image = {
  dims: [1, 1, side, side],
  data: Float32Array.from({ length: side * side }, (_, i) => Math.sin(i * i)),
};
const seed = { dims: [1, classes], data: Float32Array.of(0, 1, 0, 0) };

describe("reading a model by name", () => {
  it("gives values, logits and the slope of the score at the picture itself", async () => {
    const model = await openModel(demo);
    const session = await model.open(null);
    const { input } = session.description;
    const read = await session.read(image, [session.tap.name, input.name], seed);
    const passed = await session.forward(image);
    expect(read.values.get(session.tap.name)?.data).toEqual(passed.activations.data);
    expect(read.logits.data).toEqual(passed.logits.data);

    // Along the gradient itself the slope is its squared length.
    const slope = read.gradients.get(input.name)?.data ?? new Float32Array(0);
    const square = slope.reduce((sum, g) => sum + g * g, 0);
    const step = 1e-2 / Math.sqrt(square);
    const scoreAt = async (sign: number) => {
      const data = image.data.map((value, i) => value + sign * step * (slope[i] ?? NaN));
      return (await model.predict({ dims: image.dims, data })).data[1] ?? NaN;
    };
    const measured = ((await scoreAt(1)) - (await scoreAt(-1))) / (2 * step);
    expect(measured / square).toBeCloseTo(1, 2);
    await Promise.all([session.close(), model.close()]);
  });

  it("makes no backward pass without a seed, and refuses names that the graph has not", async () => {
    const model = await openModel(demo);
    const session = await model.open(null);
    const read = await session.read(image, [session.tap.name], null);
    expect(read.gradients.size).toBe(0);
    await expect(session.read(image, ["nowhere"], null)).rejects.toMatchObject({
      code: "tap/unknown",
    });
    await Promise.all([session.close(), model.close()]);
  });
});
