import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import { noStructure } from "../../../shared/domain/structure.ts";
import { openModel } from "../session/open-model.ts";
import { explainBatch } from "./explain.ts";
import { fullGrad } from "./fullgrad.ts";

describe("FullGrad", () => {
  // One colour of 1 × 2 pixels x = (1, 2); z = 3x + 1 in one channel; t = 2 z_0 − z_1 = 2·4 − 7 = 1.
  // dt/dz = (2, −1), dt/dx = (6, −3): Σ x·dt/dx = 0, Σ b·dt/dz = 1.
  // ψ(6, −6) = (0, 0) for want of a range; ψ(2, −1) = (1, 0).
  const item = mapItem({
    activations: Float32Array.of(0, 0),
    k: 1,
    h: 1,
    w: 2,
    image: { dims: [1, 1, 1, 2], data: Float32Array.of(1, 2) },
    structure: {
      ...noStructure,
      biases: () => ({
        kind: "explicit",
        image: "x",
        terms: [{ kind: "constant", value: "z", dims: [1, 1, 1], values: Float64Array.of(1) }],
      }),
    },
  });
  const answers = (logit: number) =>
    mapTools({
      read: (image) =>
        Promise.resolve({
          logits: { dims: [1, 1], data: Float32Array.of(logit) },
          values: new Map([
            ["x", image],
            ["z", { dims: [1, 1, 1, 2], data: Float32Array.of(4, 7) }],
          ]),
          gradients: new Map([
            ["x", { dims: [1, 1, 1, 2], data: Float32Array.of(6, -3) }],
            ["z", { dims: [1, 1, 1, 2], data: Float32Array.of(2, -1) }],
          ]),
        }),
    });

  it("draws every channel at full strength", async () => {
    const { map, notes } = await passMap(fullGrad, answers(1), item);
    expect([...map]).toEqual([1, 0]);
    expect(notes).toEqual({ layers: 1, incompleteness: 0 });
  });

  it("makes no map where its parts are not the score", async () => {
    await expect(passMap(fullGrad, answers(1.01), item)).rejects.toMatchObject({
      code: "method/incomplete",
    });
  });
});

describe.skipIf(!fixturesFolder)("FullGrad's parts", () => {
  it.each([
    ["mini-cifar10/mini_vgg_cifar10", 8],
    ["mini-cifar10/mini_densenet_cifar10", 35],
    ["mini-cifar10/mini_shufflenetv2_cifar10", 33],
    ["cifar10/resnet20_torchscript_op13", 20],
    ["cifar10/winml_cnn", 5],
    ["domain/minifasnet_v2_80", 50],
    ["imagenet/squeezenet1.0-fp32", 26],
    ["imagenet/mobilenet_v1_0.25_224", 55],
  ])("sum to the score of %s over %i layers", async (file, layers) => {
    const { made, refusal } = await run(file);
    expect(refusal).toBeUndefined();
    expect(made?.notes.layers).toBe(layers);
    expect(made?.notes.incompleteness).toBeLessThan(1e-5);
    expect(made?.map?.some((value) => value > 0)).toBe(true);
  });

  it.each([
    ["mini-cifar10/mini_vit_cifar10", "LayerNormalization"],
    ["mini-cifar10/mini_efficientnet_cifar10", "Sigmoid"],
    ["mini-cifar10/mini_mobilenetv3_cifar10", "HardSwish"],
  ])("are refused in %s by the name of %s", async (file, op) => {
    const { refusal } = await run(file);
    expect(refusal).toMatchObject({ code: "method/implicit-bias", details: { op } });
  });

  async function run(file: string) {
    const model = await openModel(fixture(`models/${file}.onnx`));
    const session = await model.open(null);
    const { channels, heightPx, widthPx } = model.description.input;
    const dims = [1, channels, heightPx ?? 0, widthPx ?? 0];
    const { refusal } = session.methods.find(({ method }) => method === "fullgrad") ?? {};
    const data = seededNumbers(
      dims.reduce((product, dim) => product * dim, 1),
      5,
    );
    const items = refusal
      ? []
      : await explainBatch({
          session,
          methods: [fullGrad],
          images: { dims, data },
          layout: "NCHW",
          target: { kind: "predicted" },
          labels: [null],
        });
    await Promise.all([session.close(), model.close()]);
    return { refusal, made: items.at(0)?.maps[0] };
  }
});
