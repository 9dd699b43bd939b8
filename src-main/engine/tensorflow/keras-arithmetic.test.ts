import { join } from "node:path";
import { expect, it } from "vitest";
import { pairedNetwork, pairedSide } from "../../../test/support/paired-network.ts";
import { createRandom } from "../../../test/support/seeded.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { openTensorFlowModel } from "./open-model.ts";

interface LayerJson {
  class_name: string;
  name: string;
  config: Record<string, unknown>;
  inbound_nodes: unknown[];
}
interface ModelJson {
  modelTopology: {
    keras_version: string;
    model_config: { config: { layers: LayerJson[] } };
  };
  weightsManifest: [{ weights: { name: string; shape: number[] }[] }];
}

const { tfjs } = pairedNetwork("pooled");
const random = createRandom(5);
const images = {
  dims: [1, pairedSide, pairedSide, 3],
  data: Float32Array.from({ length: pairedSide * pairedSide * 3 }, () => random()),
};

async function open(change: (layers: LayerJson[], model: ModelJson) => void) {
  const model = JSON.parse(tfjs["model.json"]) as ModelJson;
  change(model.modelTopology.model_config.config.layers, model);
  const folder = await temporaryFolder({
    "model.json": JSON.stringify(model),
    "weights.bin": tfjs["weights.bin"],
  });
  return openTensorFlowModel(join(folder, "model.json"));
}

async function predict(change: Parameters<typeof open>[0]): Promise<number[]> {
  const model = await open(change);
  const { data } = await model.predict(images);
  await model.close();
  return [...data];
}

/** `x · 0.5 − 0.25` in two steps in place of the network's Rescaling. */
function inTwoSteps(layers: LayerJson[], first: object, second: object): void {
  const at = layers.findIndex(({ name }) => name === "rescaling");
  layers.splice(at, 1, first as LayerJson, second as LayerJson); // read as JSON
}

it("reads arithmetic with numbers as Keras 2 writes it", async () => {
  const step = (name: string, from: string, what: string, y: number) => ({
    class_name: "TFOpLambda",
    name,
    config: { name, trainable: true, dtype: "float32", function: what },
    inbound_nodes: [[from, 0, 0, { y, name: null }]],
  });
  const given = await predict((layers) =>
    inTwoSteps(
      layers,
      step("tf.math.multiply", "image", "math.multiply", 0.5),
      step("rescaling", "tf.math.multiply", "__operators__.add", -0.25),
    ),
  );
  expect(given).toEqual(await predict(() => undefined));
});

it("reads arithmetic with numbers as Keras 3 writes it", async () => {
  const step = (kind: string, name: string, from: string, number: number) => ({
    module: "keras.src.ops.numpy",
    class_name: kind,
    name,
    config: { name },
    registered_name: kind,
    inbound_nodes: [
      {
        args: [
          {
            class_name: "__keras_tensor__",
            config: { shape: [null], dtype: "float32", keras_history: [from, 0, 0] },
          },
          number,
        ],
        kwargs: {},
      },
    ],
  });
  const given = await predict((layers) =>
    inTwoSteps(
      layers,
      step("TrueDivide", "true_divide", "image", 2),
      step("Subtract", "rescaling", "true_divide", 0.25),
    ),
  );
  expect(given).toEqual(await predict(() => undefined));
});

it("differentiates a norm without a scale, which TensorFlow.js alone cannot", async () => {
  const model = await open((layers, { weightsManifest: [group] }) => {
    const norm = layers.find(({ name }) => name === "norm");
    if (norm) norm.config["scale"] = false;
    // its numbers stay where they are, under a name that no layer asks for
    for (const weight of group.weights)
      if (weight.name === "norm/gamma") weight.name = "spare/other";
  });
  const session = await model.open("down");
  const { gradients } = await session.gradient(images, "predicted"); // checked against measured slopes inside
  expect(gradients.data.some((value) => value !== 0)).toBe(true);
  await model.close();
});
