import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Preparation } from "../../shared/domain/preparation.ts";
import { decodeImage } from "../../src-main/engine/images/decode.ts";
import { inputSize, prepareInto } from "../../src-main/engine/images/prepare.ts";
import { stackInputs } from "../../src-main/engine/input-batch.ts";
import { softmax } from "../../src-main/engine/kernels/scores.ts";
import { openAnyModel } from "../../src-main/engine/open-any-model.ts";
import { fixture, fixturesFolder } from "../support/fixtures.ts";

/** What the fixtures' README says each TensorFlow.js model answers, and how pictures are made for it. */
interface Verified {
  readonly model: string;
  readonly preparation: Preparation;
  /** One class name a line. */
  readonly labels: string;
  /** How far a probability may be from the README's: its pictures were made by another resampler. */
  readonly tolerance: number;
  /** Photograph, class, probability (NaN: not compared). */
  readonly answers: readonly (readonly [photo: string, label: string, share: number])[];
}

const colour = { channels: "rgb", layout: "NHWC", resample: "bilinear-antialias", preset: "custom" } as const;
const whole = { scale: 255, mean: [0, 0, 0], std: [1, 1, 1] };
const around = { scale: 127.5, mean: [1, 1, 1], std: [1, 1, 1] };

const verified: readonly Verified[] = [
  {
    model: "tfjs/darknet_tiny",
    preparation: { ...colour, ...whole, geometry: { kind: "stretch" }, widthPx: 224, heightPx: 224 },
    tolerance: 0.01,
    labels: "labels/imagenet_1000_darknet_order.txt",
    answers: [
      ["golden_retriever.jpg", "golden retriever", 0.92],
      ["zebra_2048.jpg", "zebra", 0.98],
      ["cheeseburger.jpg", "cheeseburger", 0.96],
      ["goldfish_224.jpg", "goldfish", 1],
      ["brown_bear_224.jpg", "brown bear", 0.81],
      ["macaw_portrait.jpg", "macaw", 0.97],
      ["hummingbird.jpg", "hummingbird", 0.79],
      ["espresso.png", "espresso", 0.65],
      ["african_elephants.jpg", "African elephant", 0.61],
    ],
  },
  {
    model: "tfjs/mobilenet_v1_0.25_224_graph/model.json",
    preparation: {
      ...colour,
      ...around,
      geometry: { kind: "crop", resize: 224 },
      widthPx: 224,
      heightPx: 224,
    },
    tolerance: 0.05,
    labels: "labels/imagenet_1001_background.txt",
    answers: [
      ["golden_retriever.jpg", "golden retriever", 0.84],
      ["zebra_2048.jpg", "zebra", 1],
      ["cheeseburger.jpg", "cheeseburger", 1],
      ["brown_bear_224.jpg", "brown bear", 0.89],
      ["macaw_portrait.jpg", "macaw", 0.97],
      ["hummingbird.jpg", "hummingbird", 0.63],
      ["espresso.png", "espresso", 0.31],
      ["african_elephants.jpg", "African elephant", 0.54],
      ["goldfish_224.jpg", "macaw", NaN],
    ],
  },
  {
    model: "tfjs/doodlenet",
    preparation: {
      preset: "custom",
      channels: "grey",
      layout: "NHWC",
      resample: "bilinear-antialias",
      scale: 255,
      mean: [1],
      std: [-1], // 1 − x / 255: strokes are dark on white and were light on black
      geometry: { kind: "stretch" },
      widthPx: 28,
      heightPx: 28,
    },
    tolerance: 0.1,
    labels: "labels/doodlenet_345.txt",
    answers: [
      ["doodles/square.png", "square", 0.9],
      ["doodles/circle.png", "circle", NaN], // thin strokes ten times smaller: 0.23 there, 0.72 here,
    ],
  },
];

describe.skipIf(!fixturesFolder)("TensorFlow.js models of the fixtures", () => {
  it.each(verified)("$model gives its verified answers", async ({ model: path, preparation, labels, answers, tolerance }) => {
    const names = readFileSync(fixture(labels), "utf8").trimEnd().split("\n");
    const inputs = await Promise.all(
      answers.map(async ([photo]) => {
        const input = new Float32Array(inputSize(preparation));
        prepareInto(await decodeImage(fixture(`photos/${photo}`)), preparation, input, photo);
        return input;
      }),
    );
    const model = await openAnyModel(fixture(path));
    const logits = await model.predict(stackInputs(inputs, preparation));
    await model.close();
    const classes = names.length;
    expect(model.description.output.classes).toBe(classes);
    const given = answers.map((_, i) => {
      const shares = softmax(logits.data.subarray(i * classes, (i + 1) * classes));
      const best = shares.indexOf(Math.max(...shares));
      return { label: names[best] ?? "", share: shares[best] ?? NaN };
    });
    expect(given.map(({ label }, i) => (label.startsWith(answers[i]?.[1] ?? "?") ? "right" : label))).toEqual(
      answers.map(() => "right"),
    );
    answers.forEach(([photo, , share], i) => {
      if (Number.isNaN(share)) return;
      expect(Math.abs((given[i]?.share ?? NaN) - share), photo).toBeLessThan(tolerance);
    });
  });

  it("a Teachable Machine model, Sequential in Sequential, brings its class names and maps", async () => {
    const model = await openAnyModel(fixture("tfjs/teachable_machine_asl"));
    expect(model.description.classNames?.slice(0, 3)).toEqual(["A", "B", "C"]);
    expect(model.description.taps[0]).toMatchObject({ name: "out_relu", grid: [1280, 7, 7] });
    const session = await model.open(null);
    const images = { dims: [1, 224, 224, 3], data: new Float32Array(224 * 224 * 3).fill(0.3) };
    const { gradients, logits } = await session.gradient(images, "predicted");
    expect(logits.dims).toEqual([1, 26]);
    expect(gradients.data.some((value) => value !== 0)).toBe(true);
    await model.close();
  });

  it("MobileNet V1 answers alike as ONNX and as TensorFlow.js", async () => {
    const [onnx, tfjs] = await Promise.all([
      openAnyModel(fixture("models/imagenet/mobilenet_v1_0.25_224.onnx")),
      openAnyModel(fixture("tfjs/mobilenet_v1_0.25_224_graph")),
    ]);
    const of = ({ description: { taps, head } }: typeof onnx) => [taps[0]?.grid, head];
    expect(of(tfjs)).toEqual(of(onnx));
    const preparation = verified[1]?.preparation;
    if (!preparation) throw new Error("MobileNet is listed above");
    const mapOf = async (model: typeof onnx, layout: "NCHW" | "NHWC") => {
      const own = { ...preparation, layout };
      const input = new Float32Array(inputSize(own));
      prepareInto(await decodeImage(fixture("photos/zebra_2048.jpg")), own, input, "zebra");
      const session = await model.open(null);
      const passed = await session.gradient(stackInputs([input], own), "predicted");
      const [k, h, w] = session.tap.grid;
      const map = new Float32Array(h * w);
      for (let i = 0; i < k * h * w; i++)
        map[i % (h * w)]! += (passed.activations.data[i] ?? 0) * (passed.gradients.data[i] ?? 0); // on the grid
      await session.close();
      await model.close();
      return { map, logits: passed.logits.data };
    };
    const [a, b] = [await mapOf(onnx, "NCHW"), await mapOf(tfjs, "NHWC")];
    const largest = Math.max(...a.map.map(Math.abs));
    a.map.forEach((value, i) => expect(Math.abs(value - (b.map[i] ?? NaN))).toBeLessThan(1e-3 * largest));
  });
});
