import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { openModel } from "./open-model.ts";

/** A convolution with a two-layer head, tokens with a prefix, a fixed batch, channels last, and skip connections across the cut. */
const models = [
  "mini-cifar10/mini_vgg_cifar10",
  "mini-cifar10/mini_vit_cifar10",
  "mini-cifar10/mini_swin_cifar10",
  "mini-cifar10/mini_convnext_cifar10",
  "mini-cifar10/mini_mobilenetv3_cifar10",
];

describe.skipIf(!fixturesFolder)("several classes of one image in one run", () => {
  it.each(models)("equal single runs: %s", async (name) => {
    const model = await openModel(fixture(`models/${name}.onnx`));
    const middle = model.description.taps.at(-1)?.name ?? null;
    for (const tap of new Set([null, middle])) {
      const session = await model.open(tap);
      const image = { dims: [1, 3, 32, 32], data: seededNumbers(3 * 32 * 32, 5) };
      const from = await session.forward(image);
      const classes = [1, 4, 8];
      const seeds = new Float32Array(30);
      classes.forEach((c, row) => (seeds[10 * row + c] = 1));
      const size = from.activations.data.length;
      const repeated = new Float32Array(3 * size);
      classes.forEach((_, row) => repeated.set(from.activations.data, row * size));
      const rows = await session.tailGradient(
        from,
        { dims: [3, ...from.activations.dims.slice(1)], data: repeated },
        Int32Array.of(0, 0, 0),
        { dims: [3, 10], data: seeds },
      );
      for (const [row, c] of classes.entries()) {
        const seed = Float32Array.from({ length: 10 }, (_, own) => Number(own === c));
        const { gradients } = await session.gradient(image, { dims: [1, 10], data: seed });
        const largest = gradients.data.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
        const own = rows.gradients.data.subarray(row * size, (row + 1) * size);
        const worst = own.reduce(
          (most, g, i) => Math.max(most, Math.abs(g - (gradients.data[i] ?? NaN))),
          0,
        );
        expect(worst / largest).toBeLessThan(1e-5);
      }
      await session.close();
    }
    await model.close();
  });
});
