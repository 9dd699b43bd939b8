import {
  isReference,
  type BenchColumn,
  type BenchMetric,
  type BenchResult,
  type Refusal,
} from "../../../shared/domain/bench.ts";
import { evaluationIds, type EvaluationId } from "../../../shared/domain/evaluation.ts";
import type { Interval } from "../../../shared/statistics/proportion.ts";

export type Standing = "recommended" | "leader" | "tied" | "refused" | "reference" | "behind";

/** One line of the ranked table. */
export interface BenchRow {
  readonly column: BenchColumn;
  /** Place among the methods, from 1; null of a reference. */
  readonly rank: number | null;
  readonly standing: Standing;
  /** Whether its paired interval against the leader includes 0. */
  readonly isTied: boolean;
  readonly isLeader: boolean;
  readonly refusal: Refusal | null;
  /** This less the leader on the deciding score, on the same pictures. */
  readonly toLeader: ({ readonly difference: number; readonly n: number } & Interval) | null;
}

/** The columns of a bench, the best mean of the deciding score first; references stand where their mean puts them. */
export function benchRows({ columns, pairs, recommendation }: BenchResult): readonly BenchRow[] {
  const { score, method, leader, tied, refused } = recommendation;
  const by = score ?? "road";
  const ordered = columns.toSorted((a, b) => meanOf(b, by) - meanOf(a, by) || 0);
  let rank = 0;
  return ordered.map((column) => {
    const { id } = column;
    const refusal = refused.find((one) => one.method === id)?.why ?? null;
    const isTied = tied.some((one) => one === id);
    const isLeader = id === leader;
    const standing = isReference(id)
      ? "reference"
      : id === method
        ? "recommended"
        : refusal
          ? "refused"
          : isLeader
            ? "leader"
            : isTied
              ? "tied"
              : "behind";
    const pair = pairs.find(
      ({ metric, a, b }) =>
        metric === by && ((a === leader && b === id) || (a === id && b === leader)),
    );
    const sign = pair?.a === id ? 1 : -1;
    const toLeader = pair
      ? {
          n: pair.n,
          difference: sign * pair.difference,
          low: sign > 0 ? pair.interval.low : -pair.interval.high,
          high: sign > 0 ? pair.interval.high : -pair.interval.low,
        }
      : null;
    return {
      ...{ column, standing, isTied, isLeader, refusal, toLeader },
      rank: isReference(id) ? null : ++rank,
    };
  });
}

/** The measures that some column has a value for, in the catalogue's order. */
export function measuredIds({ columns }: Pick<BenchResult, "columns">): readonly EvaluationId[] {
  return evaluationIds.filter((id) => columns.some((column) => (metricOf(column, id)?.n ?? 0) > 0));
}

/** The two measures that always stand in the table: what decides, and ROAD beside it. */
export function mainMeasures(result: BenchResult): readonly EvaluationId[] {
  const measured = measuredIds(result);
  const first = measured.includes("energy_lift") ? (["energy_lift"] as const) : [];
  return [...first, "road"].filter((id): id is EvaluationId => measured.some((one) => one === id));
}

/** The third, where none was chosen: what shortcut masks were given for, else localisation, else faithfulness. */
export function furtherMeasure(result: BenchResult): EvaluationId | null {
  const measured = measuredIds(result).filter((id) => !mainMeasures(result).includes(id));
  const wanted = ["shortcut_lift", "pointing_game_15", "adcc"] as const;
  return wanted.find((id) => measured.includes(id)) ?? measured[0] ?? null;
}

export function metricOf(column: BenchColumn, id: EvaluationId): BenchMetric | null {
  return column.metrics.find((metric) => metric.id === id) ?? null;
}

/** Values that one table column's intervals are drawn between: all of them, and the value that means nothing. */
export function intervalScale(
  columns: readonly BenchColumn[],
  id: EvaluationId,
): { readonly low: number; readonly high: number; readonly neutral: number } {
  const neutral = id === "energy_lift" || id === "shortcut_lift" ? 1 : 0;
  const ends = columns.flatMap((column) => {
    const metric = metricOf(column, id);
    if (!metric || metric.mean === null) return [];
    return [metric.mean, metric.interval?.low ?? metric.mean, metric.interval?.high ?? metric.mean];
  });
  const low = Math.min(neutral, 0, ...ends);
  const high = Math.max(neutral, ...ends);
  return { low, high: high > low ? high : low + 1, neutral };
}

function meanOf(column: BenchColumn, id: EvaluationId): number {
  return metricOf(column, id)?.mean ?? -Number.MAX_VALUE;
}
