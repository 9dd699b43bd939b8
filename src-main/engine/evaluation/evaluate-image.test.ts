import { describe, expect, it } from "vitest";
import {
  evaluationGroups,
  evaluations,
  imageEvaluations,
  type EvaluationId,
} from "../../../shared/domain/evaluation.ts";
import { createRandom } from "../../../test/support/seeded.ts";
import { toyImages, toySession, toyShape } from "../../../test/support/toy-session.ts";
import { explainBatch } from "../cam/explain.ts";
import { methodById } from "../cam/registry.ts";
import { evaluateImage } from "./evaluate-image.ts";
import type { EvaluationRequest, EvaluationTools } from "./evaluation.ts";
import { groundTruth } from "./ground-truth.ts";
import { evaluatedImage } from "./planes.ts";

const { side, grid } = toyShape;
const methods = [methodById("cam"), methodById("eigen-cam")];
const session = toySession({ head: "pooled" });
const coverage = Float32Array.from({ length: side * side }, (_, p) => (p % side < 3 ? 1 : 0));

async function setUp(changes: Partial<EvaluationRequest> = {}) {
  const images = toyImages(1);
  const [explained] = await explainBatch({
    session,
    methods,
    images,
    layout: "NCHW",
    target: { kind: "predicted" },
    labels: [null],
  });
  const target = explained.target ?? 0;
  let forwards = 0;
  const tools: EvaluationTools = {
    chunk: 100,
    forward: async (inputs) => {
      forwards += inputs.dims[0];
      return (await session.forward(inputs)).logits;
    },
    explain: async (inputs, maps) => {
      const size = images.data.length;
      const data = new Float32Array(inputs.length * size);
      inputs.forEach((input, i) => data.set(input, i * size));
      const made = await explainBatch({
        session,
        methods: maps.map((at) => methods[at]).filter((one) => one !== undefined),
        images: { dims: [inputs.length, ...images.dims.slice(1)], data },
        layout: "NCHW",
        target: { kind: "class", index: target },
        labels: inputs.map(() => null),
      });
      return made.map(({ logits, maps: own }) => ({ logits, raw: own.map(({ map }) => map) }));
    },
  };
  const request: EvaluationRequest = {
    image: evaluatedImage(images, "NCHW"),
    logits: explained.logits,
    target,
    grid: [grid, grid],
    maps: explained.maps.map(({ map }, i) => ({ id: methods[i].id, raw: map, isMethod: true })),
    groups: evaluationGroups,
    truth: groundTruth(coverage, [side, side]) ?? "empty-mask",
    shortcut: coverage,
    seed: 1,
    itemSeed: 2,
    normals: (count, seed) => {
      const random = createRandom(seed);
      return Float32Array.from({ length: count }, () => random() - 0.5);
    },
    inputSpread: 1,
    ...changes,
  };
  return { request, tools, forwards: () => forwards, images };
}

/** Where a measure may lie; both ends included. */
function rangeOf(id: EvaluationId): readonly [number, number] {
  if (/correlation|agreement|consistency/.test(id)) return [-1, 1];
  if (/lift|sensitivity|stability|infidelity|sufficiency/.test(id)) return [0, Infinity];
  if (id === "necessity_15") return [-Infinity, 1];
  if (id === "road") return [-0.5, 0.5];
  if (id === "insertion_less_deletion") return [-1, 1];
  return [0, 1];
}

describe("the measures of one image", () => {
  it("are all there, each in its range", async () => {
    const { request, tools } = await setUp();
    const { maps } = await evaluateImage(request, tools);
    for (const { values } of maps)
      for (const id of imageEvaluations(evaluationGroups)) {
        const value = values[id];
        expect(value, id).toBeTypeOf("number");
        const [low, high] = rangeOf(id);
        expect(value, id).toBeGreaterThanOrEqual(low);
        expect(value, id).toBeLessThanOrEqual(high);
      }
  });

  it("are the same with one input a pass and with a hundred", async () => {
    const one = await setUp();
    const many = await setUp();
    const apart = await evaluateImage(one.request, { ...one.tools, chunk: 1 });
    expect(apart).toEqual(await evaluateImage(many.request, many.tools));
    expect(one.forwards()).toBe(many.forwards());
  });

  it("run what depends on no map once, and keep to the cost that is told", async () => {
    const { request, tools, forwards } = await setUp({ groups: ["removal", "curves", "subsets"] });
    const found = await evaluateImage(request, tools);
    const own = (id: EvaluationId) => evaluations[id];
    const cells = grid * grid;
    const curves = 2 * (cells - 1); // 16 cells, one a step, instead of 32 steps
    expect(forwards()).toBe(
      2 * (own("road").forwards + curves) +
        own("deletion_auc").sharedForwards +
        own("infidelity").sharedForwards,
    );
    expect(found.forwards).toBe(forwards());
  });

  it("leave the input and the maps as they were", async () => {
    const { request, tools, images } = await setUp();
    const [input, map] = [images.data.slice(), request.maps[0].raw?.slice()];
    await evaluateImage(request, tools);
    expect(images.data).toEqual(input);
    expect(request.maps[0].raw).toEqual(map);
  });

  it("do not change when a map is scaled", async () => {
    const { request, tools } = await setUp({ groups: ["localisation", "complexity", "removal"] });
    const scaled = request.maps.map((map) => ({
      ...map,
      raw: map.raw?.map((value) => 8 * value) ?? null,
    }));
    expect(await evaluateImage({ ...request, maps: scaled }, tools)).toEqual(
      await evaluateImage(request, tools),
    );
  });

  it("of a map of zeros are counted, and never numbers", async () => {
    const { request, tools } = await setUp();
    const flat = { id: "flat", raw: new Float32Array(grid * grid), isMethod: true };
    const { maps } = await evaluateImage({ ...request, maps: [...request.maps, flat] }, tools);
    for (const id of imageEvaluations(evaluationGroups))
      expect(maps[2].values[id], id).toBe("no-map");
    expect(maps[0].values.road).toBeTypeOf("number");
  });

  it("against an empty mask are left out, not scored; what needs no mask is there", async () => {
    const { request, tools } = await setUp({ truth: "empty-mask", shortcut: null });
    const { maps } = await evaluateImage(request, tools);
    expect(maps[0].values.pointing_game_15).toBe("empty-mask");
    expect(maps[0].values.energy_lift).toBe("empty-mask");
    expect(maps[0].values.shortcut_lift).toBe("no-shortcut");
    const flat = { id: "flat", raw: new Float32Array(grid * grid), isMethod: true };
    const [{ values }] = (await evaluateImage({ ...request, maps: [flat] }, tools)).maps;
    expect([values.shortcut_lift, values.energy, values.road]).toEqual([
      "no-shortcut",
      "empty-mask",
      "no-map",
    ]);
    expect(maps[0].iou).toEqual([]);
    expect(maps[0].values.average_drop).toBeTypeOf("number");
  });

  it("of an explainer that ignores its input: sensitivity 0, coherency 1", async () => {
    const { request, tools } = await setUp({ groups: ["drop", "robustness"] });
    const [fixed] = request.maps;
    const explain: EvaluationTools["explain"] = async (inputs, maps) =>
      (await tools.explain(inputs, maps)).map(({ logits }) => ({ logits, raw: [fixed.raw] }));
    const { maps } = await evaluateImage({ ...request, maps: [fixed] }, { ...tools, explain });
    expect(maps[0].values.max_sensitivity).toBe(0);
    expect(maps[0].values.average_sensitivity).toBe(0);
    expect(maps[0].values.coherency).toBeCloseTo(1, 6);
    expect(maps[0].counts["noise-copies"]).toBe(10);
  });
});
