import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import type {
  Assessment,
  ItemOutcome,
  Measures as MeasureValues,
} from "../../shared/domain/item.ts";
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
}

type MeasureRow = Record<MeasureId, number | null> & {
  item: number;
  causes: string;
  artefacts: string;
  evidence_level: "E0" | "E1" | null;
  why: string | null;
  predicted_focus: PredictedFocus | null;
};

const insert = `INSERT INTO measure (run, item, ${measureIds.join(", ")}, causes, artefacts)
  VALUES (?, ?, ${measureIds.map(() => "?").join(", ")}, ?, ?)`;

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
    this.#connection.run(
      insert,
      run,
      outcome.no,
      ...values,
      JSON.stringify(causes),
      JSON.stringify(outcome.artefacts),
    );
  }

  of(runId: RunId, item: ItemNo): StoredMeasure | null {
    const row = this.#connection.get<MeasureRow>(
      "SELECT * FROM measure WHERE run = ? AND item = ?",
      this.#runs.committed(runId).no,
      item,
    );
    return row ? toMeasure(row) : null;
  }

  *all(runId: RunId): Generator<StoredMeasure> {
    const { no } = this.#runs.committed(runId);
    const rows = this.#connection.iterate<MeasureRow>(
      "SELECT * FROM measure WHERE run = ? ORDER BY item",
      no,
    );
    for (const row of rows) yield toMeasure(row);
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
          "UPDATE measure SET evidence_level = ?, why = ?, predicted_focus = ? WHERE run = ? AND item = ?",
          evidenceLevel,
          why,
          predictedFocus,
          no,
          item,
        );
      }
      this.#runs.touch(runId);
    });
  }

  #put(run: number, item: ItemNo, measures: MeasureValues): void {
    const entries = Object.entries(measures);
    if (entries.length === 0) return;
    const causes = Object.fromEntries(
      entries.map(([id, value]) => [id, typeof value === "string" ? value : null]),
    );
    this.#connection.run(
      `UPDATE measure SET ${entries.map(([id]) => `${columnOf(id)} = ?`).join(", ")},
         causes = json_patch(causes, ?) WHERE run = ? AND item = ?`,
      ...entries.map(([, value]) =>
        typeof value === "string" || Number.isNaN(value) ? null : value,
      ),
      JSON.stringify(causes), // null takes a key away (RFC 7396)
      run,
      item,
    );
  }
}

function columnOf(id: string): string {
  const known = measureIds.find((candidate) => candidate === id);
  if (!known) throw new RangeError(`"${id}" is no metric or score`);
  return known;
}

function toMeasure(row: MeasureRow): StoredMeasure {
  const causes = JSON.parse(row.causes) as Record<string, string>; // written by insert and #put
  const measures: Partial<Record<MeasureId, number | NaCause>> = {};
  for (const id of measureIds) {
    const value = row[id];
    const cause = naCauses.find((known) => known === causes[id]);
    if (value !== null) measures[id] = value;
    else if (cause) measures[id] = cause;
  }
  return {
    item: row.item,
    measures,
    artefacts: JSON.parse(row.artefacts) as Record<string, number>, // written by insert
    evidenceLevel: row.evidence_level,
    why: row.why,
    predictedFocus: row.predicted_focus,
  };
}
