import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { presets, type Geometry, type Preparation } from "../../shared/domain/preparation.ts";
import { decodeImage, type DecodedImage } from "../../src-main/engine/images/decode.ts";
import { inputSize, prepareInto } from "../../src-main/engine/images/prepare.ts";
import { stackInputs } from "../../src-main/engine/input-batch.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { fixture, fixturesFolder } from "../support/fixtures.ts";

/** The fixtures' own description of their models, as far as it is used here. */
const models = z.array(
  z.object({
    file: z.string(),
    input: z.object({ shape: z.array(z.union([z.number(), z.string()])), layout: z.string() }),
    preprocess: z.object({
      resize: z.string(),
      channels: z.enum(["RGB", "BGR", "gray"]),
      scale: z.number(),
      mean: z.array(z.number()),
      std: z.array(z.number()),
    }),
    verified: z.array(z.object({ photo: z.string(), top1: z.number(), prob: z.number() })),
  }),
);
type Described = z.infer<typeof models>[number];

const described = fixturesFolder
  ? models
      .parse(JSON.parse(readFileSync(fixture("models/models.json"), "utf8")))
      .filter(({ verified }) => verified.length > 0)
  : [];

/** The stated preprocessing in our terms; its `scale` multiplies where ours divides. */
function preparationOf({ input, preprocess }: Described): Preparation {
  const layout = input.layout.startsWith("NHWC") ? "NHWC" : "NCHW";
  const [heightPx, widthPx] = (layout === "NCHW" ? input.shape.slice(2) : input.shape.slice(1, 3)).map(
    Number,
  );
  const channels = { RGB: "rgb", BGR: "bgr", gray: "grey" } as const;
  return {
    preset: "custom",
    channels: channels[preprocess.channels],
    scale: 1 / preprocess.scale,
    mean: preprocess.mean,
    std: preprocess.std,
    geometry: geometryOf(preprocess.resize),
    resample: "bilinear-antialias",
    widthPx,
    heightPx,
    layout,
  };
}

function geometryOf(words: string): Geometry {
  const crop = /^shorter side (\d+), centre crop/.exec(words);
  if (crop) return { kind: "crop", resize: Number(crop[1]) };
  return words.startsWith("none") ? { kind: "none" } : { kind: "stretch" };
}

const decoded = new Map<string, Promise<DecodedImage>>();
function photo(path: string): Promise<DecodedImage> {
  const known = decoded.get(path) ?? decodeImage(fixture(path));
  decoded.set(path, known);
  return known;
}

async function topOnes(
  modelPath: string,
  preparation: Preparation,
  paths: readonly string[],
): Promise<number[]> {
  const model = await openModel(modelPath, preparation);
  try {
    const inputs: Float32Array[] = [];
    for (const path of paths) {
      const input = new Float32Array(inputSize(preparation));
      prepareInto(await photo(path), preparation, input, path);
      inputs.push(input);
    }
    const logits = await model.predict(stackInputs(inputs, preparation));
    const classes = logits.dims[1];
    return paths.map((_, i) => {
      const row = logits.data.subarray(i * classes, (i + 1) * classes);
      return row.indexOf(Math.max(...row));
    });
  } finally {
    await model.close();
  }
}

describe.skipIf(!fixturesFolder)("models on photographs", () => {
  it.each(described.map((one) => [one.file, one] as const))(
    "%s reaches its verified top-1 with the preparation stated for it",
    async (file, one) => {
      const paths = one.verified.map((v) => v.photo);
      const tops = await topOnes(fixture(file), preparationOf(one), paths);
      const wrong = one.verified.filter(({ top1 }, i) => tops[i] !== top1);
      expect(wrong).toEqual([]);
    },
  );

  it.each(["models/imagenet/squeezenet1.0-fp32.onnx", "models/imagenet/mobilenet_v2_1.0_224.onnx"])(
    "%s sees a zebra in all 26 encodings",
    async (file) => {
      const one = described.find((d) => d.file === file);
      const paths = readdirSync(fixture("photos/variants")).map((name) => `photos/variants/${name}`);
      const preparation = preparationOf(one as Described); // both files are in the list above
      const tops = await topOnes(fixture(file), preparation, paths);
      const zebra = file.includes("mobilenet") ? 341 : 340;
      expect(paths.filter((_, i) => tops[i] !== zebra)).toEqual([]);
    },
  );
});

it("the demo network gives its stated logits on every picture", async () => {
  const folder = join(import.meta.dirname, "../..");
  const stated = z
    .object({ logits: z.record(z.string(), z.record(z.string(), z.array(z.number()))) })
    .parse(JSON.parse(readFileSync(join(folder, "test/corpus/demo/expected.json"), "utf8")));
  const preparation: Preparation = {
    preset: "grey-imagenet",
    ...presets["grey-imagenet"],
    geometry: { kind: "stretch" },
    resample: "area",
    widthPx: 160,
    heightPx: 160,
    layout: "NCHW",
  };
  const names = Object.keys(stated.logits);
  expect(names).toHaveLength(240);
  const model = await openModel(join(folder, "assets/demo/chest-resnet.onnx"));
  let furthest = 0;
  for (let from = 0; from < names.length; from += 24) {
    const batch = names.slice(from, from + 24);
    const inputs: Float32Array[] = [];
    for (const name of batch) {
      const input = new Float32Array(inputSize(preparation));
      prepareInto(await decodeImage(join(folder, "assets/demo/images", name)), preparation, input);
      inputs.push(input);
    }
    const { data } = await model.predict(stackInputs(inputs, preparation));
    batch.forEach((name, i) =>
      stated.logits[name]["chest-resnet"].forEach((wanted, c) => {
        furthest = Math.max(furthest, Math.abs(data[i * 4 + c] - wanted));
      }),
    );
  }
  await model.close();
  expect(furthest).toBeLessThan(1e-3);
});
