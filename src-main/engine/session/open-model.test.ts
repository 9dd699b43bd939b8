import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { presets, type Preparation } from "../../../shared/domain/preparation.ts";
import { decodeImage } from "../images/decode.ts";
import { prepare } from "../images/prepare.ts";
import { openModel } from "./open-model.ts";

const root = join(import.meta.dirname, "../../..");
const demo = join(root, "assets/demo/chest-resnet.onnx");
const expected = JSON.parse(readFileSync(join(root, "test/corpus/demo/expected.json"), "utf8")) as {
  logits: Record<string, Record<string, number[]>>;
}; // our own file

const preparation: Preparation = {
  preset: "grey-imagenet",
  ...presets["grey-imagenet"],
  geometry: { kind: "stretch" },
  resample: "area",
  widthPx: 160,
  heightPx: 160,
  layout: "NCHW",
};

async function picture(file: string): Promise<Float32Array> {
  const image = await decodeImage(join(root, "assets/demo/images", file));
  return prepare(image, preparation).input;
}

const files = Object.keys(expected.logits).slice(0, 4);

async function batch(): Promise<Tensor> {
  const pictures = await Promise.all(files.map(picture));
  const data = new Float32Array(pictures.length * 160 * 160);
  pictures.forEach((values, i) => data.set(values, i * 160 * 160));
  return { dims: [pictures.length, 1, 160, 160], data };
}

describe("the demo model", () => {
  it("gives the logits of the network it was exported from", async () => {
    const model = await openModel(demo);
    const { dims, data } = await model.predict(await batch());
    expect(dims).toEqual([files.length, 4]);
    files
      .flatMap((file) => expected.logits[file]?.["chest-resnet"] ?? [])
      .forEach((logit, i) => expect(data[i]).toBeCloseTo(logit, 3));
    await model.close();
  });

  it("has a pooled linear head whose weights and bias give the logits back", async () => {
    const model = await openModel(demo);
    const session = await model.open(null);
    expect(session.head.kind).toBe("pooled-linear");
    expect(session.tap.grid).toEqual([96, 10, 10]);
    const { logits, activations } = await session.forward(await batch());
    const { weights, bias } = session.head;
    for (let n = 0; n < files.length; n++)
      for (let c = 0; c < 4; c++) {
        let sum = bias?.[c] ?? NaN;
        for (let i = 0; i < 96 * 100; i++)
          sum +=
            (weights?.data[c * 96 + Math.floor(i / 100)] ?? NaN) *
            (activations.data[n * 9600 + i] ?? NaN);
        expect(sum).toBeCloseTo(logits.data[n * 4 + c] ?? NaN, 4);
      }
    await Promise.all([session.close(), model.close()]);
  });
});
