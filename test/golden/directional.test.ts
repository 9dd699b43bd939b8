import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { analyse } from "../../src-main/engine/compile/analyse.ts";
import type { AnalysedModel } from "../../src-main/engine/compile/analysed-model.ts";
import { floatConstant, floatsOf } from "../../src-main/engine/onnx/constant.ts";
import { readModelFile } from "../../src-main/engine/onnx/file.ts";
import type { Constant, Graph } from "../../src-main/engine/onnx/graph.ts";
import { seededConstant } from "../../src-main/engine/onnx/text.ts";
import { pathTo } from "../../src-main/engine/passes/taps.ts";
import { evaluate } from "../../src-main/engine/session/runtime.ts";
import { directionalErrors } from "../support/directional.ts";
import { fixture, fixturesFolder } from "../support/fixtures.ts";
import { withRandomWeights } from "../support/random-weights.ts";

/** Every classifier of the fixtures; quantised ones are staircases and have a test of their own. */
const folder = fixturesFolder ? fixture("models") : "";
const models = fixturesFolder
  ? globSync("{cifar10,domain,imagenet,mini-cifar10,mnist,structure}/**/*.onnx", { cwd: folder })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => !/_(qdq|qoperator)_/.test(path))
      .toSorted()
  : [];
const timeoutMs = 300_000;

async function open(path: string): Promise<AnalysedModel> {
  const { model, fileName } = readModelFile(fixture(`models/${path}`));
  const size = path.includes("ppocr") ? { heightPx: 48, widthPx: 192 } : {};
  return analyse(model, evaluate, { file: fileName, ...size });
}

/** A picture of noise in the model's own element type. */
function picture({ shapes, image, fixedBatch }: AnalysedModel, name: string): Constant {
  const shape = shapes.get(image.name);
  const dims = [fixedBatch ?? 1, ...(shape?.dims.slice(1) ?? [])];
  const values = floatsOf(seededConstant(name, "f32", dims));
  if (shape?.type !== "u8")
    return floatConstant(
      values.map((unit) => 1.5 * unit),
      dims,
    );
  return { type: "u8", dims, bytes: Uint8Array.from(values, (unit) => (unit + 1) * 127.5) };
}

/** The default tap, one in the middle of those offered, and the first convolution. */
function threeTaps({ taps, shapes, image, logits }: AnalysedModel, graph: Graph): string[] {
  const path = pathTo(graph, shapes, image.name, logits.name);
  const isFirst = ({ op, outputs }: Graph["nodes"][number]) =>
    op === "Conv" && path.has(outputs[0] ?? "");
  const first = graph.nodes.find(isFirst)?.outputs[0];
  const [last, middle] = [taps[0], taps[Math.floor(taps.length / 2)]];
  return [...new Set([last?.name, middle?.name, first].filter((name) => name !== undefined))];
}

describe("compiled gradients agree with measured slopes at the last, a middle and the first layer", () => {
  for (const path of models)
    it(path, { timeout: timeoutMs }, async () => {
      const model = await open(path);
      const isStructure = path.startsWith("structure/");
      const graph = isStructure ? withRandomWeights(model.graph, model.shapes) : model.graph;
      // A network that picks neighbours (ViG) jumps where two are equally near: that spoils a picture, not a rule.
      const worst: string[] = [];
      for (const name of ["picture", "second picture", "third picture"]) {
        const errors = await directionalErrors({
          graph,
          shapes: model.shapes,
          image: picture(model, name),
          imageName: model.image.name,
          logits: model.logits.name,
          taps: threeTaps(model, graph),
          directions: isStructure ? 2 : 4,
        });
        expect(errors.size).toBeGreaterThanOrEqual(2);
        const apart = [...errors].filter(([, error]) => !(error < 1e-2));
        if (apart.length === 0) return;
        worst.push(`${name}: ${apart.map(([tap, error]) => `${error} at ${tap}`).join(", ")}`);
      }
      expect(worst).toEqual([]);
    });

  it.skipIf(!fixturesFolder)("found the classifiers", () => {
    expect(models.length).toBeGreaterThanOrEqual(36);
  });
});
