import { evaluationSettings, isByCell } from "../../../shared/domain/evaluation.ts";
import { baselineOf } from "./baselines.ts";
import { areaUnder, cellUnits, pixelUnits, planCurves } from "./deletion-insertion.ts";
import {
  defined,
  meanOf,
  type EvaluationRequest,
  type Finished,
  type Values,
} from "./evaluation.ts";
import type { Size } from "./finished-map.ts";
import { impute } from "./imputation.ts";
import type { Passes } from "./passes.ts";
import { ranked, tiePermutation } from "./ranks.ts";
import { planRoad, planSufficiency, type RankedPixels } from "./road.ts";
import { drawSubsets, faithfulnessCorrelation, infidelity, planSubsets } from "./subsets.ts";

/** The score of the unmodified image, and what stands for "removed". */
export interface Before {
  readonly score: number;
  readonly zero: Float32Array;
}

/** Asks for a map's ROAD, sufficiency and necessity; they are read once the passes have run. */
export function planRemoval(
  map: Finished,
  request: EvaluationRequest,
  { score }: Before,
  passes: Passes,
): () => { readonly values: Values; readonly stillPredicted: readonly number[] } {
  const { image, target, seed, itemSeed, inputSpread, normals } = request;
  const { roadShares, roadNoise, sufficientShare, leastScore } = evaluationSettings;
  const pixels: RankedPixels = {
    hottest: map.hottest,
    coldest: ranked(map.heat, tiePermutation(map.heat.length, seed), "coldest"),
    impute: (removed) => {
      const noise = normals(image.tensor.data.length, itemSeed);
      return impute(image, removed, (at) => roadNoise * inputSpread * noise[at]).data;
    },
  };
  const road = planRoad({ pixels, shares: roadShares, map: map.id }, passes);
  const sufficiency = planSufficiency({ pixels, share: sufficientShare, map: map.id }, passes);
  return () => {
    const { road: value, morf, lerf, stillPredicted } = road(target);
    const kept = score >= leastScore ? sufficiency(target, score) : null;
    return {
      stillPredicted,
      values: {
        road: value,
        road_morf: meanOf(morf),
        road_lerf: meanOf(lerf),
        road_morf_accuracy: meanOf(stillPredicted),
        sufficiency_15: kept?.sufficiency ?? "weak-score",
        necessity_15: kept?.necessity ?? "weak-score",
      },
    };
  };
}

/** Asks for a map's deletion and insertion: whole cells of a small map, else pixels. */
export function planDeletionInsertion(
  map: Finished,
  { image, target, grid, seed }: EvaluationRequest,
  { zero }: Before,
  passes: Passes,
): () => Values {
  const { steps } = evaluationSettings;
  const size: Size = [image.planes.height, image.planes.width];
  const cells = grid[0] * grid[1];
  const units = isByCell([1, ...grid])
    ? cellUnits(ranked(map.cells, tiePermutation(cells, seed), "hottest"), grid, size)
    : pixelUnits(map.hottest);
  const curve = planCurves(
    {
      image,
      units,
      steps: units.unit === "cell" ? units.count : steps,
      map: map.id,
      deletion: zero,
      insertion: baselineOf({ kind: "blur" }, image),
    },
    passes,
  );
  return () => {
    const { deletion, insertion } = curve(target);
    const [down, up] = [areaUnder(deletion), areaUnder(insertion)];
    return { deletion_auc: down, insertion_auc: up, insertion_less_deletion: up - down };
  };
}

/** Asks for the passes that depend on no map: random subsets set to the baseline. */
export function planSubsetMeasures(
  { image, target, seed }: EvaluationRequest,
  { score, zero }: Before,
  passes: Passes,
): (map: Finished) => Values {
  const { subsets: count, subsetGrid, subsetShare } = evaluationSettings;
  const drawing = { count, grid: subsetGrid, share: subsetShare, seed };
  const subsets = drawSubsets(image.planes, drawing);
  const lost = planSubsets({ image, subsets, baseline: zero }, passes);
  return ({ heat }) => {
    const losses = lost(target, score);
    return {
      faithfulness_correlation: defined(faithfulnessCorrelation(heat, subsets, losses)),
      infidelity: defined(infidelity(heat, subsets, losses, { image, baseline: zero })),
    };
  };
}
