import { imageEvaluations, type EvaluationGroup } from "../../../shared/domain/evaluation.ts";
import { classProbability } from "../kernels/scores.ts";
import { baselineOf } from "./baselines.ts";
import { complexityValues } from "./complexity.ts";
import {
  defined,
  type EvaluationRequest,
  type EvaluationTools,
  type Finished,
  type ImageEvaluation,
  type MapEvaluation,
  type Values,
} from "./evaluation.ts";
import { explainCopies, explainMasked, type Explained } from "./explained-copies.ts";
import { finishedMap, type Size } from "./finished-map.ts";
import { localisation, shortcutHeat } from "./localisation.ts";
import { methodAgreement } from "./method-agreement.ts";
import { Passes } from "./passes.ts";
import {
  planDeletionInsertion,
  planRemoval,
  planSubsetMeasures,
  type Before,
} from "./perturbations.ts";
import { ranked, tiePermutation } from "./ranks.ts";

/**
 * Every asked-for measure of all maps of one image. Forward passes are collected from all maps first and run in batches;
 * what depends on no map is run once. A flat map is nobody's 0: its measures say "no-map".
 */
export async function evaluateImage(
  request: EvaluationRequest,
  tools: EvaluationTools,
): Promise<ImageEvaluation> {
  const { maps, groups, truth, shortcut, logits, target } = request;
  const has = (group: EvaluationGroup) => groups.includes(group);
  const finished = finish(request);
  const results = maps.map((): Mutable => ({ ...empty, values: {}, counts: {} }));
  const write = (at: number, { values, counts = {} }: { values: Values } & Partial<Explained>) => {
    Object.assign(results[at].values, values);
    Object.assign(results[at].counts, counts);
  };

  const agreement = has("complexity") ? agreements(finished) : new Map<number, Values>();
  for (const map of finished) {
    if (has("complexity")) write(map.at, { values: complexityValues(map) });
    write(map.at, { values: agreement.get(map.at) ?? {} });
    if (has("shortcut")) write(map.at, { values: shortcutHeat(map, shortcut) });
    if (has("localisation") && typeof truth !== "string") {
      const { values, iou, boxes } = localisation(map, truth);
      Object.assign(results[map.at], { iou, boxes });
      write(map.at, { values });
    }
  }

  const passes = new Passes(request.image.tensor.dims.slice(1));
  passes.know("unmodified", logits);
  const before: Before = {
    score: classProbability(logits, target),
    zero: baselineOf({ kind: "zero-normalised" }, request.image),
  };
  const readers: (() => void)[] = [];
  for (const map of finished) {
    if (has("removal")) {
      const read = planRemoval(map, request, before, passes);
      readers.push(() => {
        const { values, stillPredicted } = read();
        Object.assign(results[map.at], { stillPredicted });
        write(map.at, { values });
      });
    }
    if (has("curves")) {
      const read = planDeletionInsertion(map, request, before, passes);
      readers.push(() => write(map.at, { values: read() }));
    }
  }
  if (has("subsets")) {
    const read = planSubsetMeasures(request, before, passes);
    readers.push(() => finished.forEach((map) => write(map.at, { values: read(map) })));
  }
  await passes.run((images) => tools.forward(images), tools.chunk);
  for (const read of readers) read();

  if (has("drop"))
    for (const map of finished) {
      const { road } = results[map.at].values;
      const own = { ...before, road: typeof road === "number" ? road : null };
      write(map.at, await explainMasked(map, request, own, tools));
    }
  if (has("robustness") && finished.length > 0) {
    const found = await explainCopies(finished, request, tools);
    finished.forEach(({ at }, i) => write(at, found[i]));
  }
  // Whatever was asked for and could not be measured says why.
  for (const id of imageEvaluations(groups))
    results.forEach(({ values }, at) => {
      if (id === "method_agreement" && !maps[at].isMethod) return;
      // What the image lacks counts before what the map lacks: the same images for every column.
      const lacking = shortcutIds.has(id) && !shortcut ? ("no-shortcut" as const) : null;
      const isLocal = typeof truth === "string" && localIds.has(id);
      values[id] ??= isLocal ? truth : (lacking ?? "no-map");
    });
  return { maps: results, forwards: passes.forwards };
}

type Mutable = { -readonly [Key in keyof MapEvaluation]: MapEvaluation[Key] };
const empty = { iou: [], boxes: [], stillPredicted: [] } as const;
const localIds: ReadonlySet<string> = new Set(imageEvaluations(["localisation"]));
const shortcutIds: ReadonlySet<string> = new Set(imageEvaluations(["shortcut"]));

/** The usable maps: neither missing nor flat. */
function finish({ image, grid, maps, seed }: EvaluationRequest): readonly Finished[] {
  const size: Size = [image.planes.height, image.planes.width];
  const ties = tiePermutation(size[0] * size[1], seed);
  return maps.flatMap((map, at) => {
    const heat = map.raw && finishedMap(map.raw, grid, size);
    const cells = map.raw && finishedMap(map.raw, grid, grid);
    return heat && cells
      ? [{ ...map, at, heat, cells, hottest: ranked(heat, ties, "hottest") }]
      : [];
  });
}

function agreements(finished: readonly Finished[]): ReadonlyMap<number, Values> {
  const methods = finished.filter(({ isMethod }) => isMethod);
  const found = methodAgreement(methods.map(({ cells }) => cells));
  return new Map(methods.map(({ at }, i) => [at, { method_agreement: defined(found[i]) }]));
}
