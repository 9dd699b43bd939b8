import { describe, expect, it } from "vitest";
import { presets, type Preparation } from "../../shared/domain/preparation.ts";
import { analyse } from "../../src-main/engine/compile/analyse.ts";
import { appendBackward } from "../../src-main/engine/gradients/backward.ts";
import { decodeImage } from "../../src-main/engine/images/decode.ts";
import { prepare } from "../../src-main/engine/images/prepare.ts";
import { floatConstant, floatsOf } from "../../src-main/engine/onnx/constant.ts";
import { readModelFile } from "../../src-main/engine/onnx/file.ts";
import { withOutputs } from "../../src-main/engine/onnx/walk.ts";
import { evaluate, runGraph } from "../../src-main/engine/session/runtime.ts";
import { fixture, fixturesFolder } from "../support/fixtures.ts";

const preparation: Preparation = {
  preset: "timm-inception",
  ...presets["timm-inception"],
  geometry: { kind: "crop", resize: 256 },
  resample: "bilinear-antialias",
  widthPx: 224,
  heightPx: 224,
  layout: "NCHW",
};
const [classes, goldenRetriever] = [1001, 208];

/** Gradient of the class and HiResCAM map Σ A·G of a photograph, at the tap of this grid. */
async function explained(model: string, grid: string) {
  const file = readModelFile(fixture(`models/imagenet/${model}.onnx`));
  const analysed = await analyse(file.model, evaluate, { file: file.fileName });
  const { graph, shapes, taps, image } = analysed;
  const logits = analysed.logits.name;
  const tap = taps.find((tap) => tap.grid.join() === grid);
  if (!tap) throw new Error(`no tap of [${grid}] among ${taps.map((t) => t.grid).join(" and ")}`);
  const backward = appendBackward({ graph, shapes, taps: [tap.name], logits, seed: "seed" });
  const name = backward.gradients.get(tap.name) ?? "";
  const photograph = await decodeImage(fixture("photos/golden_retriever.jpg"));
  const seed = new Float32Array(classes);
  seed[goldenRetriever] = 1;
  const feeds = new Map([
    [image.name, floatConstant(prepare(photograph, preparation).input, [1, 3, 224, 224])],
    ["seed", floatConstant(seed, [1, classes])],
  ]);
  const run = await runGraph(withOutputs(backward.graph, [tap.name, name]), feeds);
  const [activations, gradient] = [tap.name, name].map((value) =>
    floatsOf(run.get(value) ?? floatConstant([])),
  );
  const map = new Float64Array(tap.grid[1] * tap.grid[2]);
  activations?.forEach((a, i) => {
    const at = i % map.length;
    map[at] = (map[at] ?? 0) + a * (gradient?.[i] ?? NaN);
  });
  return { map, length: Math.sqrt(sumOf(gradient ?? [], (g) => g * g)) };
}

function sumOf(values: ArrayLike<number>, of: (value: number, at: number) => number): number {
  return Array.from(values).reduce((sum, value, at) => sum + of(value, at), 0);
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => sumOf(values, (v) => v) / values.length;
  const [centreA, centreB] = [mean(a), mean(b)];
  const spread = (values: Float64Array, centre: number) => sumOf(values, (v) => (v - centre) ** 2);
  const shared = sumOf(a, (v, i) => (v - centreA) * ((b[i] ?? NaN) - centreB));
  return shared / Math.sqrt(spread(a, centreA) * spread(b, centreB));
}

// Differences cannot check a staircase. Without the saturation mask the middle map correlates by 0.01 and the gradient
// is two million times too long.
describe.skipIf(!fixturesFolder)("MobileNet V2 in 8 bits explains as the float model does", () => {
  it.each([
    ["qdq", "1280,7,7", 0.995],
    ["qoperator", "1280,7,7", 0.995],
    ["qdq", "32,28,28", 0.75],
    ["qoperator", "32,28,28", 0.75],
  ])("%s at [%s]", async (form, grid, least) => {
    const float = await explained("mobilenet_v2_1.0_224", grid);
    const quantised = await explained(`mobilenet_v2_1.0_224_${form}_int8`, grid);
    expect(correlation(float.map, quantised.map)).toBeGreaterThan(least);
    expect(quantised.length / float.length).toBeCloseTo(1, 1);
  });
});
