import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { crossCheckTolerance, type CrossCheckOutcome } from "../../shared/domain/cross-check.ts";
import { sizeOf } from "../../shared/domain/tensor.ts";
import { fixture, fixturesFolder } from "../../test/support/fixtures.ts";
import { withRandomWeights } from "../../test/support/random-weights.ts";
import { normalsFrom } from "./cam/noise.ts";
import { analyse } from "./compile/analyse.ts";
import { tapNamed } from "./compile/tap.ts";
import { compareEngines, crossCheck } from "./cross-check.ts";
import { readModelFile } from "./onnx/file.ts";
import { describeModel } from "./session/describe.ts";
import { openModel } from "./session/open-model.ts";
import { evaluate } from "./session/runtime.ts";
import { learnTap } from "./session/tap-knowledge.ts";

/**
 * Every classifier of the fixtures on both engines. None is refused. `rounds`: the model rounds to integers between its
 * layers, and neighbouring codes drift apart as they do between onnxruntime's own levels (4e-2 to 5e-2 of the logits).
 * `flips`: at its earliest layer a rectifier near 0 falls on either side, so single gradients differ, and sums hardly do.
 */
const expected: Record<string, "agrees" | "rounds" | "flips"> = {
  "cifar10/mlperf_tiny_resnet8": "agrees",
  "cifar10/resnet20_dynamo_op18": "agrees",
  "cifar10/resnet20_torchscript_op13": "agrees",
  "cifar10/resnet32_external/resnet32_cifar10": "agrees",
  "cifar10/winml_cnn": "agrees",
  "domain/fer2013_mini_xception": "agrees",
  "domain/minifasnet_v2_80": "agrees",
  "domain/ppocr_text_direction_cls": "agrees",
  "domain/vww_96_nhwc": "agrees",
  "edge/squeezenet_custom_vision_zipmap": "flips",
  "imagenet/mobilenet_v1_0.25_224": "flips",
  "imagenet/mobilenet_v1_0.5_160_nhwc_uint8": "flips",
  "imagenet/mobilenet_v2_1.0_224": "agrees",
  "imagenet/mobilenet_v2_1.0_224_qdq_int8": "rounds",
  "imagenet/mobilenet_v2_1.0_224_qoperator_int8": "rounds",
  "imagenet/squeezenet1.0-fp16": "agrees",
  "imagenet/squeezenet1.0-fp32": "agrees",
  "mini-cifar10/mini_convnext_cifar10": "agrees",
  "mini-cifar10/mini_deit_distilled_cifar10": "agrees",
  "mini-cifar10/mini_densenet_cifar10": "agrees",
  "mini-cifar10/mini_efficientnet_cifar10": "agrees",
  "mini-cifar10/mini_mobilenetv3_cifar10": "agrees",
  "mini-cifar10/mini_mobilevit_cifar10": "agrees",
  "mini-cifar10/mini_shufflenetv2_cifar10": "agrees",
  "mini-cifar10/mini_swin_cifar10": "agrees",
  "mini-cifar10/mini_vgg_cifar10": "agrees",
  "mini-cifar10/mini_vig_cifar10": "agrees",
  "mini-cifar10/mini_vit_cifar10": "agrees",
  "mini-cifar10/mini_vit_gap_cifar10": "agrees",
  "mnist/mnist-cntk": "agrees",
};

/** Large pictures on WebAssembly: in the sweep alone, but for two of them. */
const isSlow = (name: string) =>
  /^(imagenet|edge)/.test(name) && !/mobilenet_v1_0\.25|qdq/.test(name);
const isSweep = process.env["HANSIGHT_SWEEP"] === "1";

const pathOf = (name: string) => fixture(`models/${name}.onnx`);
const sizeFor = (name: string) => (name.includes("ppocr") ? { heightPx: 48, widthPx: 192 } : null);

function expectAgreement(outcome: CrossCheckOutcome, tolerance: number): void {
  if (outcome.kind !== "compared") throw new Error(JSON.stringify(outcome.error));
  const { logits, gradients, maps } = outcome;
  const all = { logits, gradients, maps: Math.max(...maps.map((map) => map.difference ?? 0)) };
  if (isSweep) console.log(JSON.stringify(all)); // what docs/cross-check.md lists
  expect(Math.max(all.logits, all.gradients, all.maps), JSON.stringify(all)).toBeLessThan(
    tolerance,
  );
}

describe.skipIf(!fixturesFolder)(
  "both engines give every model's logits, gradients and maps",
  () => {
    it("has a line for each classifier", () => {
      const listed = JSON.parse(readFileSync(fixture("models/models.json"), "utf8")) as {
        file: string;
      }[]; // fixtures of our own making
      const files = listed.map(({ file }) => file.replace(/^models\/|\.onnx$/g, ""));
      expect(Object.keys(expected).toSorted()).toEqual(files.toSorted());
    });

    const shown = Object.keys(expected).filter((name) => isSweep || !isSlow(name));
    it.each(shown)("%s", { timeout: 120_000 }, async (name) => {
      const check = await crossCheck({
        modelPath: pathOf(name),
        tap: null,
        images: [],
        size: sizeFor(name),
      });
      expect(check.pictures).toBe(2);
      const rounds = expected[name] === "rounds";
      expect(check.outcome).toMatchObject({ kind: "compared", isQuantised: rounds });
      expectAgreement(check.outcome, rounds ? 0.1 : crossCheckTolerance);
    });

    it("on a picture too, prepared for the model", { timeout: 60_000 }, async () => {
      const check = await crossCheck({
        modelPath: pathOf("cifar10/resnet20_dynamo_op18"),
        tap: null,
        images: [fixture("photos/zebra_2048.jpg")],
        size: null,
      });
      expect(check.pictures).toBe(3);
      expectAgreement(check.outcome, crossCheckTolerance);
    });

    it("refuses a model that is TensorFlow's own", async () => {
      const checked = crossCheck({ modelPath: "model.json", tap: null, images: [], size: null });
      await expect(checked).rejects.toMatchObject({ code: "tensorflow/one-engine" });
    });
  },
);

/** Some minutes of WebAssembly: `HANSIGHT_SWEEP=1`. */
describe.skipIf(!fixturesFolder || !isSweep)(
  "both engines agree at each model's earliest layer",
  () => {
    it.each(Object.keys(expected))("%s", { timeout: 600_000 }, async (name) => {
      const size = sizeFor(name);
      const model = await openModel(pathOf(name), size ?? {});
      const tap = model.description.taps.at(-1)?.name ?? null;
      await model.close();
      const { outcome } = await crossCheck({ modelPath: pathOf(name), tap, images: [], size });
      const tolerances = { agrees: crossCheckTolerance, flips: 0.05, rounds: 1 };
      expectAgreement(outcome, tolerances[expected[name] ?? "agrees"]);
    });
  },
);

const structures = fixturesFolder
  ? globSync("structure/*.onnx", { cwd: fixture("models") }).toSorted()
  : [];

/** Their own weights are all equal, so that every maximum is a tie: seeded random ones instead. */
describe.skipIf(!isSweep)("both engines agree on the structure models with random weights", () => {
  it.each(structures)("%s", { timeout: 600_000 }, async (path) => {
    const file = readModelFile(fixture(`models/${path}`));
    const found = await analyse(file.model, evaluate, { file: file.fileName });
    const model = { ...found, graph: withRandomWeights(found.graph, found.shapes) };
    const knowledge = await learnTap(model, tapNamed(model, null, file.fileName), {});
    const description = describeModel(file, model, knowledge);
    const dims = [1, ...(model.shapes.get(model.image.name)?.dims.slice(1) ?? [])];
    // Two entries of a pool that differ by a last digit spoil a picture, not an engine (one of ZFNet's first picture).
    let outcome: CrossCheckOutcome | null = null;
    for (const seed of [1, 2, 3]) {
      const next = normalsFrom(seed);
      const data = Float32Array.from({ length: sizeOf(dims) }, () => next());
      outcome = await compareEngines({ ...knowledge, model, description }, { dims, data });
      if (outcome.kind === "compared" && outcome.gradients < crossCheckTolerance) break;
    }
    if (outcome) expectAgreement(outcome, crossCheckTolerance);
    expect(outcome).not.toBeNull();
  });
});
