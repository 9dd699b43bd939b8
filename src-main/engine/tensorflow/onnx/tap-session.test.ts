import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../../test/support/fixtures.ts";
import { createRandom } from "../../../../test/support/seeded.ts";
import { sizeOf, type Tensor } from "../../../../shared/domain/tensor.ts";
import { generalHead } from "../../session/closed-form.ts";
import { openModel } from "../../session/open-model.ts";
import { openTap } from "../../session/tap-session.ts";
import { tensorflow } from "../runtime.ts";
import { openOnnxTap } from "./tap-session.ts";

function noise(dims: readonly number[], seed: number): Tensor {
  const random = createRandom(seed);
  return { dims, data: Float32Array.from({ length: sizeOf(dims) }, () => 2 * random() - 1) };
}

/** Largest difference as a share of the largest number. */
function apart(own: Tensor, given: Tensor | undefined): number {
  expect(given?.dims).toEqual(own.dims);
  let [largest, worst] = [1e-9, 0];
  own.data.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Math.abs(value - (given?.data[i] ?? NaN)));
  });
  return worst / largest;
}

/** Prefix tokens and a layer beside the norm; windows of a fixed batch; neighbours; skip connections over the cut. */
const cases: readonly (readonly [model: string, tap: string | null])[] = [
  ["mini_vit_cifar10", null],
  ["mini_swin_cifar10", "earliest"],
  ["mini_vig_cifar10", "earliest"],
  ["mini_densenet_cifar10", "earliest"],
];

describe.skipIf(!fixturesFolder)("a session on TensorFlow.js answers as onnxruntime's", () => {
  it.each(cases)("%s at its %s layer", { timeout: 60_000 }, async (name, which) => {
    const device = await tensorflow();
    const { tf } = device;
    const model = await openModel(fixture(`models/mini-cifar10/${name}.onnx`));
    const { description } = model;
    const tap = which ? (description.taps.at(-1)?.name ?? null) : null;
    const plan = { ...(await model.compiled(tap)), head: generalHead, description };
    const own = openTap({ ...plan, runtime: {} });
    const before = tf.memory().numTensors;
    const other = openOnnxTap(device, plan);
    const images = noise([3, 3, 32, 32], 1);
    const { classes } = description.output;

    const [a, b] = [await own.forward(images), await other.forward(images)];
    expect(apart(a.logits, b.logits)).toBeLessThan(1e-5);
    expect(apart(a.activations, b.activations)).toBeLessThan(1e-5);

    const order = Int32Array.of(2, 0, 1, 2, 0);
    const size = a.activations.data.length / 3;
    const moved = noise([order.length, ...a.activations.dims.slice(1)], 2);
    order.forEach((image, row) => {
      for (let i = 0; i < size; i++)
        moved.data[row * size + i] =
          0.1 * (moved.data[row * size + i] ?? 0) + (a.activations.data[image * size + i] ?? 0);
    });
    const tails = await own.tail(a, moved, order);
    expect(apart(tails, await other.tail(b, moved, order))).toBeLessThan(1e-5);
    const seeds = noise([order.length, classes], 3);
    const slopes = await own.tailGradient(a, moved, order, seeds);
    const others = await other.tailGradient(b, moved, order, seeds);
    expect(apart(slopes.gradients, others.gradients)).toBeLessThan(1e-4);

    const seed = noise([3, classes], 4);
    const [c, d] = [await own.gradient(images, seed), await other.gradient(images, seed)];
    expect(apart(c.gradients, d.gradients)).toBeLessThan(1e-4);
    const after = await other.tail(d, moved, order);
    expect(apart(tails, after)).toBeLessThan(1e-5);

    await other.close();
    expect(tf.memory().numTensors).toBe(before);
    await Promise.all([own.close(), model.close()]);
  });

  it(
    "reads values and gradients by name, of whole blocks at once",
    { timeout: 60_000 },
    async () => {
      const device = await tensorflow();
      const model = await openModel(fixture("models/mini-cifar10/mini_vit_cifar10.onnx"));
      const { description } = model;
      const plan = { ...(await model.compiled(null)), description };
      const own = openTap({ ...plan, runtime: {} });
      const other = openOnnxTap(device, plan);
      const { attention } = own.structure;
      const sites = attention?.scope === "whole" ? attention.sites : [];
      const names = [...sites.map(({ probabilities }) => probabilities), "input"];
      expect(names.length).toBeGreaterThan(3);
      const [images, seed] = [noise([2, 3, 32, 32], 5), noise([2, description.output.classes], 6)];
      const a = await own.read(images, names, seed);
      const b = await other.read(images, names, seed);
      expect(apart(a.logits, b.logits)).toBeLessThan(1e-5);
      for (const name of names) {
        expect(apart(a.values.get(name) ?? images, b.values.get(name))).toBeLessThan(1e-5);
        expect(apart(a.gradients.get(name) ?? images, b.gradients.get(name))).toBeLessThan(1e-4);
      }
      const blocks = sites.map(({ probabilities }) => probabilities);
      const [c, d] = [
        await own.read(images, blocks, seed, "own block"),
        await other.read(images, blocks, seed, "own block"),
      ];
      for (const name of blocks)
        expect(apart(c.gradients.get(name) ?? images, d.gradients.get(name))).toBeLessThan(1e-4);
      await Promise.all([own.close(), other.close(), model.close()]);
    },
  );
});
