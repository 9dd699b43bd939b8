import type { BenchCount } from "../../../shared/domain/bench.ts";
import { evaluationSettings } from "../../../shared/domain/evaluation.ts";
import { classProbability } from "../kernels/scores.ts";
import { adcc, arcc, coherency } from "./adcc.ts";
import { averageDrop } from "./average-drop.ts";
import { flipConsistency, mirrored, shiftConsistency, shifted } from "./consistency.ts";
import {
  defined,
  meanOf,
  type EvaluationRequest,
  type EvaluationTools,
  type Finished,
  type Values,
} from "./evaluation.ts";
import { finishedMap, type Size } from "./finished-map.ts";
import type { Before } from "./perturbations.ts";
import { multiplied } from "./planes.ts";
import { predictedClass } from "./road.ts";
import { noisyCopy, sensitivity } from "./sensitivity.ts";

export interface Explained {
  readonly values: Values;
  readonly counts: Partial<Record<BenchCount, number>>;
}

/**
 * Average drop with its relatives, and ADCC: the masked picture's explanation gives its probability too, one pass for
 * both. `road` joins as ARCC where it was measured.
 */
export async function explainMasked(
  map: Finished,
  { image, grid, target }: EvaluationRequest,
  { score, zero, road }: Before & { readonly road: number | null },
  { explain }: EvaluationTools,
): Promise<Explained> {
  const size: Size = [image.planes.height, image.planes.width];
  const [masked] = await explain([multiplied(image, map.heat, zero)], [map.at]);
  const [raw] = masked.raw;
  const same = coherency(map.heat, raw && finishedMap(raw, grid, size));
  const l1 = meanOf(map.heat);
  const found = averageDrop(score, classProbability(masked.logits, target));
  return {
    counts: same.isDefined ? {} : { "coherency-undefined": 1 },
    values: {
      coherency: same.value,
      ...(road === null ? {} : { arcc: arcc(same.value, l1, road) }),
      ...(typeof found === "string"
        ? {
            average_drop: found,
            increase_in_confidence: found,
            average_gain: found,
            adcc: found,
          }
        : {
            average_drop: found.drop,
            increase_in_confidence: found.increase,
            average_gain: found.gain,
            adcc: adcc(same.value, l1, found.drop),
          }),
    },
  };
}

const oneCell = [
  { dx: 1, dy: 0 },
  { dx: 0, dy: 1 },
];

/** Sensitivity and geometric consistency: noisy, mirrored and moved copies, each explained by all maps at once. */
export async function explainCopies(
  maps: readonly Finished[],
  { image, logits, grid, itemSeed }: EvaluationRequest,
  { explain }: EvaluationTools,
): Promise<readonly Explained[]> {
  const { noisyCopies, noiseRadius } = evaluationSettings;
  const size: Size = [image.planes.height, image.planes.width];
  const { data } = image.tensor;
  const radius = noiseRadius * rangeOf(data);
  const noisy = Array.from({ length: noisyCopies }, (_, s) =>
    noisyCopy(data, radius, (itemSeed + Math.imul(s + 1, 0x9e3779b1)) >>> 0),
  );
  const [strideY, strideX] = size.map((pixels, axis) => Math.round(pixels / grid[axis]));
  const moved = oneCell.map(({ dx, dy }) => shifted(image, { dx: dx * strideX, dy: dy * strideY }));
  const answers = await explain(
    [...noisy, mirrored(image), ...moved],
    maps.map(({ at }) => at),
  );
  const predicted = predictedClass(logits);
  return maps.map((map, no) => {
    const kept = answers.slice(0, noisyCopies).flatMap((answer) => {
      const raw = answer.raw[no];
      const heat = raw && finishedMap(raw, grid, size);
      const isSame = predictedClass(answer.logits) === predicted;
      return heat && isSame ? [{ map: heat, logits: answer.logits }] : [];
    });
    const cellsOf = (at: number) => {
      const raw = answers[at].raw[no];
      return raw && finishedMap(raw, grid, grid);
    };
    const found = sensitivity({ map: map.heat, logits }, kept);
    const flipped = cellsOf(noisyCopies);
    const moves = oneCell.map((step, i) => {
      const there = cellsOf(noisyCopies + 1 + i);
      return there ? shiftConsistency(map.cells, there, grid, step) : NaN;
    });
    return {
      counts: { "noise-dropped": noisyCopies - kept.length, "noise-copies": noisyCopies },
      values: {
        max_sensitivity: found?.max ?? "undefined",
        average_sensitivity: found?.average ?? "undefined",
        output_stability: found?.outputStability ?? "undefined",
        flip_consistency: defined(flipped ? flipConsistency(map.cells, flipped, grid) : NaN),
        shift_consistency: defined(meanOf(moves)),
      },
    };
  });
}

function rangeOf(values: Float32Array): number {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return max - min;
}
