import {
  isReference,
  type BenchColumn,
  type BenchCount,
  type BenchMapId,
  type BenchMetric,
  type BenchPair,
  type BenchResult,
  type BenchSettings,
} from "../../shared/domain/bench.ts";
import type { BenchMap, BenchOutcome } from "../../shared/domain/bench-run.ts";
import {
  benchEvaluations,
  evaluations,
  evaluationSettings,
  type EvaluationCause,
  type EvaluationId,
} from "../../shared/domain/evaluation.ts";
import type { MapFlag } from "../../shared/domain/map-flag.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { SheetState } from "../../shared/domain/sheet.ts";
import { bootstrapMean } from "../../shared/statistics/bootstrap.ts";
import { percentile } from "../../shared/statistics/percentile.ts";
import { wilson } from "../../shared/statistics/proportion.ts";
import { shuffled } from "../../shared/statistics/sample.ts";
import { wilcoxon } from "../../shared/statistics/wilcoxon.ts";
import { recommendMethod } from "./recommend-method.ts";

/** One image that was mapped. */
export interface BenchRow {
  readonly outcome: Pick<BenchOutcome, "target" | "maps" | "error">;
  /** Patient or group; null where unknown. */
  readonly group: string | null;
}

export interface BenchFindings {
  readonly settings: BenchSettings;
  readonly columns: readonly { readonly id: BenchMapId; readonly forwards: number }[];
  readonly rows: readonly BenchRow[];
  /** Verdicts of the reliability sheets; absent: not made. */
  readonly sheets: ReadonlyMap<MethodId, SheetState>;
}

/** Fewer images than this with a value decide nothing. */
const leastImages = 2;

type Values = readonly (number | EvaluationCause)[];

/** What a bench concludes: means with intervals, pairs and the recommendation. Images without a value are counted by cause. */
export function benchResult({ settings, columns, rows, sheets }: BenchFindings): BenchResult {
  const usable = rows.filter(({ outcome }) => outcome.error === null && outcome.target !== null);
  const groups = usable.map(({ group }) => group);
  const { seed } = settings;
  const ids = benchEvaluations(settings.groups);
  const folds = foldsOf(groups, seed);
  const valuesOf = columns.map((_, at) => {
    const maps = usable.map(({ outcome }) => outcome.maps[at]);
    const targets = usable.map(({ outcome }) => outcome.target ?? 0);
    return new Map(ids.map((id) => [id, columnValues(id, maps, { targets, folds })] as const));
  });

  const found = columns.map(({ id, forwards }, at): BenchColumn => {
    const maps = usable.map(({ outcome }) => outcome.maps[at]);
    const iouCurve = meanCurve(maps.map(({ iou }) => iou));
    return {
      id,
      forwards,
      images: maps.length,
      ...flagCounts(maps),
      sheet: (!isReference(id) && sheets.get(id)) || "not-made",
      metrics: ids.flatMap((metric) => {
        const values = valuesOf[at].get(metric) ?? [];
        const none = metric === "method_agreement" && isReference(id);
        return none ? [] : [summary(metric, values, groups, seed)];
      }),
      rawP99: p99(maps),
      iouCurve,
      bestTau: iouCurve.length > 0 ? bestIndex(iouCurve) / (iouCurve.length - 1) : null,
      morfAccuracy: meanCurve(maps.map(({ stillPredicted }) => stillPredicted)),
      counts: countSums(maps),
    };
  });

  const score = decidingScore(found);
  const pairOf = (metric: EvaluationId, a: number, b: number) =>
    comparePair(metric, [columns[a].id, columns[b].id], {
      a: valuesOf[a].get(metric) ?? [],
      b: valuesOf[b].get(metric) ?? [],
      groups,
      seed,
    });
  const indexOf = (id: BenchMapId) => columns.findIndex((column) => column.id === id);
  const recommendation = recommendMethod(found, score, (a, b) =>
    score ? pairOf(score, indexOf(a), indexOf(b)) : null,
  );
  const leader = recommendation.leader === null ? -1 : indexOf(recommendation.leader);
  const pairs = ids.flatMap((metric) =>
    columns.flatMap((_, a) =>
      columns.flatMap((__, b) => {
        const isAsked = metric === score ? a < b : a === leader && b !== leader;
        return (isAsked && pairOf(metric, a, b)) || [];
      }),
    ),
  );
  return {
    settings,
    images: usable.length,
    failed: rows.filter(({ outcome }) => outcome.error !== null).length,
    columns: found,
    pairs,
    recommendation,
  };
}

/** Energy lift where images have masks, else ROAD. */
function decidingScore(columns: readonly BenchColumn[]): "energy_lift" | "road" | null {
  const has = (score: EvaluationId) =>
    columns.some(
      ({ id, metrics }) =>
        !isReference(id) && metrics.some((one) => one.id === score && one.n >= leastImages),
    );
  return has("energy_lift") ? "energy_lift" : has("road") ? "road" : null;
}

/** One value or cause per image; those that only the dataset decides are made here. */
function columnValues(
  id: EvaluationId,
  maps: readonly BenchMap[],
  { targets, folds }: { readonly targets: readonly number[]; readonly folds: readonly boolean[] },
): Values {
  const causeOf = ({ values }: BenchMap): EvaluationCause =>
    typeof values.energy === "string" ? values.energy : "no-map";
  switch (id) {
    case "iou_tau_best": {
      const best = bestIndex(meanCurve(maps.map(({ iou }) => iou)));
      return maps.map((map) => map.iou[best] ?? causeOf(map));
    }
    case "max_box_acc":
      return crossed(maps, folds, [evaluationSettings.boxIou], ({ largest }) => largest, causeOf);
    case "max_box_acc_v2":
      return crossed(maps, folds, evaluationSettings.boxIous, ({ any }) => any, causeOf);
    case "pointing_game_15":
      return classAveraged(maps, targets);
    default:
      return maps.map(({ values }) => values[id] ?? "no-map");
  }
}

/** A mean over classes as a mean over images: each weighs the inverse of how many share its class. */
function classAveraged(maps: readonly BenchMap[], targets: readonly number[]): Values {
  const counts = new Map<number, number>();
  const values = maps.map((map) => map.values.pointing_game_15 ?? "no-map");
  values.forEach((value, i) => {
    if (typeof value === "number") counts.set(targets[i], (counts.get(targets[i]) ?? 0) + 1);
  });
  const n = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return values.map((value, i) =>
    typeof value === "number" ? (value * n) / (counts.size * (counts.get(targets[i]) ?? 1)) : value,
  );
}

/** Box accuracy of each image at the threshold that is best for the other half, averaged over the IoUs asked for. */
function crossed(
  maps: readonly BenchMap[],
  folds: readonly boolean[],
  ious: readonly number[],
  pick: (box: BenchMap["boxes"][number]) => number,
  causeOf: (map: BenchMap) => EvaluationCause,
): Values {
  const accuracyAt = (fold: boolean, least: number) =>
    meanCurve(
      maps
        .filter((_, i) => folds[i] === fold)
        .map(({ boxes }) => boxes.map((box) => (pick(box) >= least ? 1 : 0))),
    );
  const best = new Map(
    [true, false].map((fold) => [
      fold,
      ious.map((least) => ({ least, at: bestIndex(accuracyAt(!fold, least)) })),
    ]),
  );
  return maps.map((map, i) => {
    if (map.boxes.length === 0) return causeOf(map);
    const chosen = best.get(folds[i]) ?? [];
    const hits = chosen.map(({ least, at }) => (pick(map.boxes[Math.max(0, at)]) >= least ? 1 : 0));
    return hits.reduce((sum: number, hit) => sum + hit, 0) / hits.length;
  });
}

/** Two halves of the groups, by the seed; images without a group are one each. */
function foldsOf(groups: readonly (string | null)[], seed: number): readonly boolean[] {
  const keys = groups.map((group, i) => group ?? `\0${i}`);
  const distinct = [...new Set(keys)];
  const isFirst = new Map(
    shuffled(distinct.length, seed).map((at, turn) => [distinct[at], turn % 2 === 0]),
  );
  return keys.map((key) => isFirst.get(key) ?? false);
}

/** Mean of curves of one length; those that were not measured are empty and left out. */
function meanCurve(curves: readonly (readonly number[])[]): readonly number[] {
  const measured = curves.filter(({ length }) => length > 0);
  if (measured.length === 0) return [];
  return measured[0].map(
    (_, at) => measured.reduce((sum, curve) => sum + curve[at], 0) / measured.length,
  );
}

/** The first of the largest; −1 of nothing. */
function bestIndex(curve: readonly number[]): number {
  return curve.indexOf(Math.max(...curve));
}

function summary(
  id: EvaluationId,
  values: Values,
  groups: readonly (string | null)[],
  seed: number,
): BenchMetric {
  const kept = values.flatMap((value, i) =>
    typeof value === "number" ? [{ value, group: groups[i] }] : [],
  );
  const excluded: Partial<Record<EvaluationCause, number>> = {};
  for (const value of values)
    if (typeof value === "string") excluded[value] = (excluded[value] ?? 0) + 1;
  const numbers = kept.map(({ value }) => value);
  const interval = bootstrapMean(numbers, { seed, groups: kept.map(({ group }) => group) });
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return {
    id,
    mean: numbers.length > 0 ? mean : null,
    // Weighted images can be drawn past the end of an accuracy.
    interval:
      interval && id === "pointing_game_15"
        ? { low: interval.low, high: Math.min(1, interval.high) }
        : interval,
    n: numbers.length,
    excluded,
  };
}

/** Two columns on the images where both have a value; null where none has. */
function comparePair(
  metric: EvaluationId,
  [a, b]: readonly [BenchMapId, BenchMapId],
  given: {
    readonly a: Values;
    readonly b: Values;
    readonly groups: readonly (string | null)[];
    readonly seed: number;
  },
): BenchPair | null {
  const both = given.a.flatMap((own, i) => {
    const other = given.b[i];
    return typeof own === "number" && typeof other === "number"
      ? [{ difference: own - other, group: given.groups[i] }]
      : [];
  });
  const differences = both.map(({ difference }) => difference);
  const interval = bootstrapMean(differences, {
    seed: given.seed,
    groups: both.map(({ group }) => group),
  });
  if (!interval) return null;
  const sign = evaluations[metric].direction === "lower-is-better" ? -1 : 1;
  const count = {
    k: differences.filter((value) => sign * value > 0).length,
    n: differences.filter((value) => value !== 0).length,
  };
  return {
    metric,
    a,
    b,
    n: differences.length,
    difference: differences.reduce((sum, value) => sum + value, 0) / differences.length,
    interval,
    p: wilcoxon(differences),
    better: { ...count, ...wilson(count) },
  };
}

function flagCounts(maps: readonly BenchMap[]): Pick<BenchColumn, "flagged" | "flags"> {
  const flags: Partial<Record<MapFlag, number>> = {};
  for (const flag of maps.flatMap((map) => map.flags)) flags[flag] = (flags[flag] ?? 0) + 1;
  const flagged = maps.filter((map) => map.flags.length > 0 || map.error !== null).length;
  return { flagged, flags };
}

function countSums(maps: readonly BenchMap[]): BenchColumn["counts"] {
  const sums: Partial<Record<BenchCount, number>> = {};
  for (const { counts } of maps)
    for (const [name, value] of Object.entries(counts)) {
      const key = name as BenchCount; // keys of a record of counts
      sums[key] = (sums[key] ?? 0) + value;
    }
  return sums;
}

function p99(maps: readonly BenchMap[]): number | null {
  const positive = maps.flatMap(({ map }) => (map ? [...map].filter((value) => value > 0) : []));
  return positive.length > 0 ? percentile(positive, 0.99) : null;
}
