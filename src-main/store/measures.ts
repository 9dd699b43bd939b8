import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import type {
  Assessment,
  ItemOutcome,
  Measures as MeasureValues,
} from "../../shared/domain/item.ts";
import type { MapFlag } from "../../shared/domain/map-flag.ts";
import {
  metricIds,
  naCauses,
  scoreIds,
  type MetricId,
  type NaCause,
  type ScoreId,
} from "../../shared/domain/metrics.ts";
import type { PredictedFocus } from "../../shared/domain/quadrant.ts";
import type { Connection } from "./connection.ts";
import type { Runs } from "./runs.ts";

export type MeasureId = MetricId | ScoreId;
export const measureIds: readonly MeasureId[] = [...metricIds, ...scoreIds];

/** All that a run measured of one item. */
export interface StoredMeasure {
  readonly item: ItemNo;
  /** Value, or why there is none; ids that were never handed in are absent. */
  readonly measures: MeasureValues;
  readonly artefacts: Readonly<Record<string, number>>;
  readonly evidenceLevel: "E0" | "E1" | null;
  readonly why: string | null;
  readonly predictedFocus: PredictedFocus | null;
  /** Why it has no map; empty where it has one, whose own flags hold. */
  readonly noMap: readonly MapFlag[];
}

type MeasureRow = [
  item: number,
  causes: string,
  artefacts: string,
  evidenceLevel: "E0" | "E1" | null,
  why: string | null,
  predictedFocus: PredictedFocus | null,
  noMap: string | null,
  ...values: (number | null)[],
];

const insert = `INSERT INTO measure (run, item, ${measureIds.join(", ")}, causes, no_map)
  VALUES (?, ?, ${measureIds.map(() => "?").join(", ")}, ?, ?)`;
const select = `SELECT item, causes, coalesce(artefacts, '{}'), evidence_level, why, predicted_focus, no_map,
  ${measureIds.join(", ")} FROM measure LEFT JOIN explanation USING (run, item) WHERE run = ?`;

/** Metrics and scores of each item in each run: a number, or why there is none. */
export class Measures {
  readonly #connection: Connection;
  readonly #runs: Runs;

  constructor(connection: Connection, runs: Runs) {
    this.#connection = connection;
    this.#runs = runs;
  }

  insert(run: number, outcome: ItemOutcome, rawMax: number | null): void {
    const causes: Record<string, string> = {};
    const metrics: MeasureValues =
      rawMax === null ? outcome.metrics : { raw_max: rawMax, ...outcome.metrics };
    const values = measureIds.map((id) => {
      const value = metrics[id];
      if (typeof value === "string") causes[id] = value;
      return typeof value === "number" && !Number.isNaN(value) ? value : null;
    });
    const noMap = outcome.map ? null : JSON.stringify(outcome.flags);
    this.#connection.run(insert, run, outcome.no, ...values, JSON.stringify(causes), noMap);
    if (Object.keys(outcome.artefacts).length > 0)
      this.#connection.run(
        "INSERT INTO explanation (run, item, artefacts) VALUES (?, ?, ?)",
        run,
        outcome.no,
        JSON.stringify(outcome.artefacts),
      );
  }

  of(runId: RunId, item: ItemNo): StoredMeasure | null {
    const { no } = this.#runs.committed(runId);
    const row = this.#connection.tuples<MeasureRow>(`${select} AND item = ?`, no, item)[0];
    return row ? toMeasure(row) : null;
  }

  /** In item order. */
  *all(runId: RunId): Generator<StoredMeasure> {
    const { no } = this.#runs.committed(runId);
    for (const row of this.#connection.iterateTuples<MeasureRow>(`${select} ORDER BY item`, no))
      yield toMeasure(row);
  }

  /** Values by item number (NaN or a cause: not there) of one metric or score, for the items that have a result. */
  set(runId: RunId, id: MeasureId, values: ArrayLike<number | NaCause>): void {
    const { no } = this.#runs.committed(runId);
    const items = this.#connection.tuples<[number]>("SELECT item FROM measure WHERE run = ?", no);
    this.#connection.transaction(() => {
      for (const [item] of items) this.#put(no, item, { [id]: values[item] ?? NaN });
      this.#runs.touch(runId);
    });
  }

  /** What suspicion made of the run's items. */
  assess(runId: RunId, assessments: Iterable<Assessment>): void {
    const { no } = this.#runs.committed(runId);
    this.#connection.transaction(() => {
      for (const { item, measures, evidenceLevel, why, predictedFocus } of assessments) {
        this.#put(no, item, measures);
        this.#connection.run(
          "UPDATE measure SET predicted_focus = ? WHERE run = ? AND item = ?",
          predictedFocus,
          no,
          item,
        );
        this.#connection.run(
          `INSERT INTO explanation (run, item, evidence_level, why) VALUES (?, ?, ?, ?)
           ON CONFLICT (run, item) DO UPDATE SET evidence_level = excluded.evidence_level, why = excluded.why`,
          no,
          item,
          evidenceLevel,
          why,
        );
      }
      this.#runs.touch(runId);
    });
  }

  #put(run: number, item: ItemNo, measures: MeasureValues): void {
    for (const [id, value] of Object.entries(measures)) {
      const column = columnOf(id);
      if (typeof value === "string")
        this.#connection.run(
          `UPDATE measure SET ${column} = NULL, causes = json_set(causes, '$.${column}', ?)
           WHERE run = ? AND item = ?`,
          value,
          run,
          item,
        );
      else
        this.#connection.run(
          `UPDATE measure SET ${column} = ?, causes = iif(causes = '{}', causes,
             json_remove(causes, '$.${column}')) WHERE run = ? AND item = ?`,
          Number.isNaN(value) ? null : value,
          run,
          item,
        );
    }
  }
}

function columnOf(id: string): string {
  const known = measureIds.find((candidate) => candidate === id);
  if (!known) throw new RangeError(`"${id}" is no metric or score`);
  return known;
}

const knownCauses: ReadonlySet<string> = new Set(naCauses);

function toMeasure(row: MeasureRow): StoredMeasure {
  const [item, causeText, artefacts, evidenceLevel, why, predictedFocus, noMap, ...values] = row;
  const measures: Partial<Record<MeasureId, number | NaCause>> = {};
  measureIds.forEach((id, index) => {
    const value = values[index];
    if (value !== null) measures[id] = value;
  });
  if (causeText !== "{}")
    for (const [id, cause] of Object.entries(JSON.parse(causeText) as Record<MeasureId, NaCause>))
      // written by insert, set and #put; an older version may have known more causes
      if (knownCauses.has(cause)) measures[id as MeasureId] = cause;
  return {
    item,
    measures,
    artefacts: artefacts === "{}" ? {} : (JSON.parse(artefacts) as Record<string, number>), // written by insert
    evidenceLevel,
    why,
    predictedFocus,
    noMap: noMap ? (JSON.parse(noMap) as MapFlag[]) : [], // written by insert
  };
}
