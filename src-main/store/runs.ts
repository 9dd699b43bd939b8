import { createHash } from "node:crypto";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import type { Run } from "../../shared/contract/audits.ts";
import type { FitFacts, FitOptions } from "../../shared/domain/fit.ts";
import type { ItemNo, ModelId, RunId } from "../../shared/domain/ids.ts";
import type { JobState } from "../../shared/domain/job.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { Target } from "../../shared/domain/target.ts";
import type { TapDescription } from "../../shared/domain/model.ts";
import type { OtherFacts } from "../../shared/domain/other-model.ts";
import type { Preparation } from "../../shared/domain/preparation.ts";
import type { SheetVerdict } from "../../shared/domain/sheet.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";

export interface NewRun {
  readonly id: RunId;
  readonly modelId: ModelId;
  readonly method: MethodId;
  readonly tap: TapDescription;
  readonly target: Target;
  readonly secondMethod: MethodId | null;
  readonly seed: number;
  readonly device: string;
  readonly gradient: Run["gradient"];
  /** null: every readable item. */
  readonly items: readonly ItemNo[] | null;
  /** `runIdentity` of what goes in. */
  readonly identity: string;
  /** Further models that it reads. */
  readonly others?: readonly OtherFacts[];
}

/** What the store knows of a run beyond what the contract shows. */
export interface RunState {
  readonly run: Run;
  readonly state: JobState;
  readonly identity: string;
  /** The identity before its method learnt anything: what a plan is compared with. */
  readonly planIdentity: string;
  readonly others: readonly OtherFacts[];
  readonly items: readonly ItemNo[] | null;
  readonly revision: number;
}

interface RunRow {
  no: number;
  id: RunId;
  identity: string;
  model: ModelId;
  method: MethodId;
  tap: string;
  target: string;
  second_method: MethodId | null;
  seed: number;
  device: string;
  gradient: Run["gradient"];
  state: JobState;
  items: string | null;
  planned: number;
  done: number;
  failed: number;
  started_at: string | null;
  ended_at: string | null;
  raw_p99: number | null;
  raw_min: number | null;
  weak_below: number | null;
  maps_bytes: number;
  logits_bytes: number;
  revision: number;
  others: string | null;
  fit_plan: string | null;
  fit_facts: string | null;
  fit_sha256: string | null;
  sheet_verdict: SheetVerdict | null;
}

const select = `SELECT run.*, fit.plan AS fit_plan, fit.facts AS fit_facts, fit.sha256 AS fit_sha256,
    sheet.verdict AS sheet_verdict
  FROM run LEFT JOIN fit ON fit.run = run.no
  LEFT JOIN sheet ON sheet.model = run.model AND sheet.tap = run.tap ->> '$.name'
    AND sheet.method = run.method AND sheet.fit = coalesce(fit.sha256, '')
    AND run.others IS NULL AND run.tap ->> '$.fusion' IS NULL`; // a sheet is of one layer of one model

/** SHA-256 of what goes into a run (RX-72): the same inputs give the same identity, whatever order they were named in. */
export function runIdentity(inputs: {
  readonly modelSha256: string;
  readonly preparation: Preparation;
  readonly tap: string;
  readonly method: MethodId;
  readonly target: Target;
  readonly secondMethod: MethodId | null;
  readonly seed: number;
  readonly items: readonly ItemNo[] | null;
  /** Number of listed items: a dataset that grew gives another run. */
  readonly listed: number;
  /** Of a method that learns first: the hash of what it learns from, and what was chosen. */
  readonly fit?: { readonly labels: string; readonly options: FitOptions };
  /** Of a run that reads further models: what they are, in order. */
  readonly others?: readonly Pick<OtherFacts, "sha256" | "output">[];
}): string {
  return createHash("sha256").update(canonicalJson(inputs)).digest("hex");
}

/** The runs of an audit and how far they are. */
export class Runs {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  create(run: NewRun): Run {
    const items = run.items ? run.items.toSorted((a, b) => a - b) : null;
    const planned =
      items?.length ??
      this.#connection.get<{ n: number }>("SELECT count(*) AS n FROM item WHERE error IS NULL")
        ?.n ??
      0;
    this.#connection.run(
      `INSERT INTO run (no, id, identity, model, method, tap, target, second_method, seed, device, gradient, state,
         items, planned, others)
       VALUES ((SELECT coalesce(max(no), 0) + 1 FROM run), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?)`,
      run.id,
      run.identity,
      run.modelId,
      run.method,
      JSON.stringify(run.tap),
      JSON.stringify(run.target),
      run.secondMethod,
      run.seed,
      run.device,
      run.gradient,
      items ? JSON.stringify(items) : null,
      planned,
      run.others?.length ? JSON.stringify(run.others) : null,
    );
    return this.byId(run.id);
  }

  all(): Run[] {
    return this.#connection.all<RunRow>(`${select} ORDER BY run.no`).map(toRun);
  }

  byId(id: RunId): Run {
    return toRun(this.#row(id));
  }

  stateOf(id: RunId): RunState {
    const row = this.#row(id);
    return {
      run: toRun(row),
      state: row.state,
      identity: row.identity,
      planIdentity: row.fit_plan ?? row.identity,
      others: othersOf(row),
      items: row.items ? (JSON.parse(row.items) as ItemNo[]) : null, // written by create
      revision: row.revision,
    };
  }

  /** Newest run of these inputs that reached its end. */
  finished(identity: string): Run | null {
    const row = this.#connection.get<RunRow>(
      `${select} WHERE (identity = ?1 OR fit.plan = ?1) AND state IN ('done', 'done-faults')
       ORDER BY run.no DESC LIMIT 1`,
      identity,
    );
    return row ? toRun(row) : null;
  }

  /** Runs that were going when the process ended: they come back paused (RX-69). */
  interrupted(): Run[] {
    return this.#connection
      .all<RunRow>(
        `${select} WHERE state NOT IN ('cancelled', 'failed', 'done', 'done-faults') ORDER BY run.no`,
      )
      .map(toRun);
  }

  setState(id: RunId, state: JobState): void {
    this.#connection.run(
      `UPDATE run SET state = ?1,
         started_at = CASE WHEN ?1 IN ('checking', 'running') THEN coalesce(started_at, ?2) ELSE started_at END,
         ended_at = CASE WHEN ?1 IN ('cancelled', 'failed', 'done', 'done-faults') THEN ?2 ELSE NULL END
       WHERE id = ?3`,
      state,
      new Date().toISOString(),
      id,
    );
  }

  /** What opening the model found, when that differs from the plan. */
  setDevice(id: RunId, device: string): void {
    this.#connection.run("UPDATE run SET device = ? WHERE id = ?", device, id);
  }

  /** Row number, committed pack lengths: what a batch is appended to. */
  committed(id: RunId): { no: number; mapsBytes: number; logitsBytes: number; modelId: ModelId } {
    const row = this.#row(id);
    return {
      no: row.no,
      mapsBytes: row.maps_bytes,
      logitsBytes: row.logits_bytes,
      modelId: row.model,
    };
  }

  advance(
    id: RunId,
    by: {
      readonly done: number;
      readonly failed: number;
      readonly mapsBytes: number;
      readonly logitsBytes: number;
    },
  ): void {
    this.#connection.run(
      `UPDATE run SET done = done + ?, failed = failed + ?, maps_bytes = ?, logits_bytes = ?,
         revision = revision + 1 WHERE id = ?`,
      by.done,
      by.failed,
      by.mapsBytes,
      by.logitsBytes,
      id,
    );
  }

  setRange(id: RunId, range: Pick<Run, "rawP99" | "rawMin" | "weakBelow">): void {
    this.#connection.run(
      "UPDATE run SET raw_p99 = ?, raw_min = ?, weak_below = ?, revision = revision + 1 WHERE id = ?",
      range.rawP99,
      range.rawMin,
      range.weakBelow,
      id,
    );
  }

  touch(id: RunId): void {
    this.#connection.run("UPDATE run SET revision = revision + 1 WHERE id = ?", id);
  }

  /** Items not tried yet, in order. */
  pending(id: RunId): ItemNo[] {
    const { no, items } = this.#row(id);
    const among =
      items === null ? "item.error IS NULL" : "item.no IN (SELECT value FROM json_each(?2))";
    return this.#connection
      .tuples<[number]>(
        `SELECT item.no FROM item WHERE ${among}
         AND NOT EXISTS (SELECT 1 FROM measure WHERE run = ?1 AND measure.item = item.no)
         AND NOT EXISTS (SELECT 1 FROM failure WHERE run = ?1 AND failure.item = item.no) ORDER BY item.no`,
        no,
        ...(items === null ? [] : [items]),
      )
      .map(([item]) => item);
  }

  #row(id: RunId): RunRow {
    return (
      this.#connection.get<RunRow>(`${select} WHERE run.id = ?`, id) ??
      fail("run/unknown", { run: id })
    );
  }
}

function othersOf({ others }: Pick<RunRow, "others">): readonly OtherFacts[] {
  return others === null ? [] : (JSON.parse(others) as OtherFacts[]); // written by create
}

function toRun(row: RunRow): Run {
  return {
    id: row.id,
    no: row.no,
    modelId: row.model,
    method: row.method,
    tap: JSON.parse(row.tap) as TapDescription, // written by create
    target: JSON.parse(row.target) as Target, // written by create
    secondMethod: row.second_method,
    seed: row.seed,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    done: row.done,
    failed: row.failed,
    planned: row.planned,
    device: row.device,
    gradient: row.gradient,
    rawP99: row.raw_p99,
    rawMin: row.raw_min,
    weakBelow: row.weak_below,
    sheet: row.sheet_verdict ?? "not-made",
    ...(row.others === null
      ? {}
      : {
          others: othersOf(row).map(({ fileName, sha256, output }) => ({
            fileName,
            sha256,
            output,
          })),
        }),
    ...(row.fit_facts !== null && row.fit_sha256 !== null
      ? { fit: { ...(JSON.parse(row.fit_facts) as FitFacts), sha256: row.fit_sha256 } } // written by Fits
      : {}),
  };
}
