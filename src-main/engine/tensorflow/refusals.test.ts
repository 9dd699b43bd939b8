import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../shared/errors/app-error.ts";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { pairedNetwork } from "../../../test/support/paired-network.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { modelKindOf } from "../model-kind.ts";
import { openAnyModel } from "../open-any-model.ts";
import { openTensorFlowModel } from "./open-model.ts";
import { tensorflow } from "./runtime.ts";

interface LayerJson {
  class_name: string;
  name: string;
  config: Record<string, unknown>;
}
interface ModelJson {
  modelTopology: { model_config: { config: { layers: LayerJson[] } } };
  weightsManifest: {
    paths: string[];
    weights: { name: string; shape: number[]; dtype: string }[];
  }[];
}

const { tfjs } = pairedNetwork("pooled");

/** A model after `change`, in a folder of its own. */
async function changed(change: (model: ModelJson) => void, weights = tfjs["weights.bin"]) {
  const model = JSON.parse(tfjs["model.json"]) as ModelJson;
  change(model);
  const folder = await temporaryFolder({
    "model.json": JSON.stringify(model),
    "weights.bin": weights,
  });
  return join(folder, "model.json");
}

function layerNamed({ modelTopology }: ModelJson, name: string): LayerJson {
  const found = modelTopology.model_config.config.layers.find((layer) => layer.name === name);
  if (!found) throw new Error(`no layer ${name}`);
  return found;
}

async function refusalOf(path: string): Promise<AppError> {
  const refused: unknown = await openTensorFlowModel(path).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(refused instanceof AppError)) throw new Error(`opened, or failed with ${String(refused)}`);
  return refused;
}

const first = ({ weightsManifest: [group] }: ModelJson) => {
  if (!group) throw new Error("no group of weights");
  return group;
};

describe("a TensorFlow.js model is refused by what is wrong with it:", () => {
  const cases: readonly (readonly [string, (model: ModelJson) => void, string, RegExp])[] = [
    [
      "weights in a folder above",
      (model) => (first(model).paths = ["../weights.bin"]),
      "tensorflow/unreadable",
      /outside its folder/,
    ],
    [
      "weights by an absolute path",
      (model) => (first(model).paths = ["/etc/hostname"]),
      "tensorflow/missing-weights",
      /not beside it/,
    ],
    [
      "a weight file that is not there",
      (model) => (first(model).paths = ["other.bin"]),
      "tensorflow/missing-weights",
      /"other.bin"/,
    ],
    [
      "a weight of more bytes than any disk",
      (model) => (first(model).weights[0]!.shape = [2 ** 31, 2 ** 31, 8]), // the first of many
      "tensorflow/unreadable",
      /no readable shape/,
    ],
    [
      "a weight larger than its file",
      (model) => (first(model).weights[0]!.shape = [3, 3, 3, 8000]), // the first of many
      "tensorflow/short-weights",
      /bytes where .* are needed/,
    ],
    [
      "weights of another type",
      (model) => (first(model).weights[0]!.dtype = "string"), // the first of many
      "tensorflow/unreadable",
      /of the type string/,
    ],
    [
      "a layer that wants more memory than there is",
      (model) => (layerNamed(model, "scores").config["units"] = 2 ** 31),
      "tensorflow/unreadable",
      /values/,
    ],
    [
      "a layer that nobody knows",
      (model) => (layerNamed(model, "branch").class_name = "Custom>Swirl"),
      "tensorflow/unknown-layer",
      /"branch" is of the kind Custom>Swirl/,
    ],
    [
      "grouped convolutions, which would run as plain ones",
      (model) => (layerNamed(model, "branch").config["groups"] = 2),
      "tensorflow/layer-setting",
      /groups of channels/,
    ],
    [
      "dilated depthwise kernels, which would run undilated",
      (model) => (layerNamed(model, "down").config["dilation_rate"] = [2, 2]),
      "tensorflow/layer-setting",
      /dilated/,
    ],
    [
      "channels in front",
      (model) => (layerNamed(model, "first").config["data_format"] = "channels_first"),
      "tensorflow/layer-setting",
      /channels in front/,
    ],
    [
      "a weight that no layer finds",
      (model) => (first(model).weights[0]!.name = "elsewhere/entirely"), // the first of many
      "tensorflow/unreadable",
      /weight "first\/kernel" is not in it/,
    ],
    [
      "a weight of another shape",
      (model) => {
        const [weight] = first(model).weights;
        weight!.shape = [3, 3, 8, 3]; // the first of many
      },
      "tensorflow/unreadable",
      /is of 3 × 3 × 8 × 3 where 3 × 3 × 3 × 8 is needed/,
    ],
    [
      "pictures larger than memory",
      (model) => (layerNamed(model, "image").config["batch_input_shape"] = [null, 1e5, 1e5, 3]),
      "tensorflow/unreadable",
      /pictures would be 100000 × 100000/,
    ],
  ];

  it.each(cases)("%s", async (_, change, code, words) => {
    const refused = await refusalOf(await changed(change));
    expect([refused.code, refused.message]).toEqual([code, expect.stringMatching(words)]);
  });

  it("weights behind a link that leads out of the folder", async () => {
    const outside = await temporaryFolder({ "weights.bin": tfjs["weights.bin"] });
    const folder = await temporaryFolder({ "model.json": tfjs["model.json"] });
    symlinkSync(join(outside, "weights.bin"), join(folder, "weights.bin"));
    expect(await refusalOf(join(folder, "model.json"))).toMatchObject({
      code: "tensorflow/unreadable",
      message: expect.stringContaining("outside its folder") as string,
    });
  });

  it("text that ends early, no JSON object, no topology", async () => {
    const folder = await temporaryFolder({
      "a.json": tfjs["model.json"].slice(0, 500),
      "b.json": "[1, 2]",
      "c.json": "{}",
    });
    for (const name of ["a", "b", "c"])
      expect((await refusalOf(join(folder, `${name}.json`))).code).toBe("tensorflow/unreadable");
    expect((await refusalOf(join(folder, "d.json"))).code).toBe("model/not-found");
  });

  it.skipIf(!fixturesFolder)("the fixtures' missing shard, by its name", async () => {
    const refused = await refusalOf(fixture("hostile/tfjs_missing_shard/model.json"));
    expect(refused.code).toBe("tensorflow/missing-weights");
    expect(refused.message).toContain('"group1-shard1of2"');
  });

  it.skipIf(!fixturesFolder)("graphs that branch, and operators nobody knows", async () => {
    const text = readFileSync(fixture("tfjs/mobilenet_v1_0.25_224_graph/model.json"), "utf8");
    const open = async (op: string) => {
      const model = JSON.parse(text) as { modelTopology: { node: { name: string; op: string }[] } };
      const node = model.modelTopology.node.find(({ name }) => name.endsWith("average_pool_2d_27"));
      if (!node) throw new Error("the fixture changed");
      node.op = op;
      const files = ["group1-shard1of2.bin", "group1-shard2of2.bin"].map(
        (name) =>
          [name, readFileSync(fixture(`tfjs/mobilenet_v1_0.25_224_graph/${name}`))] as const,
      );
      const folder = await temporaryFolder({
        "model.json": JSON.stringify(model),
        ...Object.fromEntries(files),
      });
      return refusalOf(join(folder, "model.json"));
    };
    expect(await open("Switch")).toMatchObject({
      code: "tensorflow/dynamic",
      details: { op: "Switch" },
    });
    expect(await open("Swirl")).toMatchObject({
      code: "tensorflow/unknown-operator",
      details: { op: "Swirl" },
    });
  });
});

it("frees what a refused model had brought", async () => {
  const { tf } = await tensorflow();
  const before = tf.memory().numTensors;
  await refusalOf(
    await changed((model) => (layerNamed(model, "scores").config["units"] = 2 ** 31)),
  );
  await refusalOf(
    await changed((model) => (first(model).weights.at(-1)!.name = "elsewhere/entirely")), // the last of many
  );
  expect(tf.memory().numTensors).toBe(before);
});

it("names the operator and the node that the backend cannot run", async () => {
  const { tf, isNative } = await tensorflow();
  const backend = isNative ? "tensorflow" : "wasm";
  const kernel = tf.getKernel("LeakyRelu", backend);
  const path = await changed(() => undefined);
  tf.unregisterKernel("LeakyRelu", backend);
  try {
    expect(await refusalOf(path)).toMatchObject({
      code: "tensorflow/no-kernel",
      details: { op: "LeakyRelu", node: "leaky" },
    });
  } finally {
    tf.registerKernel(kernel);
  }
});

it("names it on the way back, and offers the methods that need no gradient", async () => {
  const { tf, isNative } = await tensorflow();
  const backend = isNative ? "tensorflow" : "wasm";
  const kernel = tf.getKernel("AvgPoolGrad", backend);
  const model = await openTensorFlowModel(await changed(() => undefined));
  tf.unregisterKernel("AvgPoolGrad", backend);
  try {
    const session = await model.open("joined");
    const refused = session.methods.find(({ method }) => method === "grad-cam")?.refusal;
    expect(refused).toMatchObject({
      code: "tensorflow/no-kernel",
      details: { op: "AvgPoolGrad", node: "softened" },
    });
    expect(session.methods.find(({ method }) => method === "recipro-cam")?.supported).toBe(true);
  } finally {
    tf.registerKernel(kernel);
    await model.close();
  }
});

it("a SavedModel's folder is known by its file, and refused by name without the native part", async () => {
  const folder = await temporaryFolder({ "saved_model.pb": "x", "variables/variables.index": "y" });
  expect(modelKindOf(folder)).toEqual({ kind: "saved-model", path: folder });
  expect(modelKindOf(join(folder, "saved_model.pb"))).toEqual({
    kind: "saved-model",
    path: folder,
  });
  const { isNative } = await tensorflow();
  await expect(openAnyModel(folder)).rejects.toMatchObject({
    code: isNative ? "tensorflow/unreadable" : "tensorflow/saved-model",
  });
});
