import { createHash } from "node:crypto";
import { join } from "node:path";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import type { FitFacts, FitOptions, Fitted, LabelSource } from "../../shared/domain/fit.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";
import { Pack } from "./pack.ts";

/** What a run's method shall learn from. */
export interface FitPlan {
  readonly source: LabelSource;
  readonly options: FitOptions;
  /** In the order they are read. */
  readonly items: readonly ItemNo[];
}

/** How far a fit is. */
export interface FitState extends FitPlan {
  /** Items whose vectors are durable, from the first on. */
  readonly tried: number;
  /** Rows of the pack that count, and where they lie. */
  readonly vectors: number;
  readonly k: number;
  readonly empty: number;
  readonly failed: number;
  readonly pack: string;
  readonly fitted: Fitted | null;
}

/** What an engine made of one item. */
export interface FitBatchOutcome {
  readonly no: ItemNo;
  readonly vectors: readonly { readonly label: number; readonly values: Float32Array }[];
  readonly empty: number;
  readonly error: unknown;
}

interface FitRow {
  run: number;
  source: LabelSource;
  options: string;
  items: string;
  k: number | null;
  tried: number;
  vectors: number;
  empty: number;
  failed: number;
  dims: string | null;
  fitted: Uint8Array | null;
  facts: string | null;
}

/** SHA-256 of what a method learnt: its numbers and what is said of them. */
export function fittedHash({ dims, values, facts }: Fitted): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash("sha256").update(canonicalJson({ dims, facts })).update(bytes).digest("hex");
}

/**
 * The fits of an audit's runs. Vectors are appended to the run's `fit.pack` batch by batch, each a row of item, label and
 * values, and only then count: after a kill a fit goes on where the last batch ended.
 */
export class Fits {
  readonly #connection: Connection;
  readonly #folder: string;

  constructor(connection: Connection, folder: string) {
    this.#connection = connection;
    this.#folder = folder;
  }

  begin(run: RunId, plan: FitPlan): void {
    this.#connection.run(
      `INSERT INTO fit (run, plan, source, options, items)
       SELECT no, identity, ?, ?, ? FROM run WHERE id = ?`,
      plan.source,
      JSON.stringify(plan.options),
      JSON.stringify(plan.items),
      run,
    );
  }

  /** null: the run's method learns nothing. */
  of(run: RunId): FitState | null {
    const row = this.#row(run);
    if (!row) return null;
    return {
      source: row.source,
      options: JSON.parse(row.options) as FitOptions, // written by begin
      items: JSON.parse(row.items) as ItemNo[], // written by begin
      tried: row.tried,
      vectors: row.vectors,
      k: row.k ?? 0,
      empty: row.empty,
      failed: row.failed,
      pack: this.#file(run),
      fitted: fittedOf(row),
    };
  }

  /** The next items of the plan, in its order; a batch sent again after it counted is refused. */
  commit(run: RunId, outcomes: readonly FitBatchOutcome[]): void {
    const row = this.#row(run) ?? fail("run/unknown", { run });
    const items = JSON.parse(row.items) as ItemNo[]; // written by begin
    outcomes.forEach(({ no }, i) => {
      if (items[row.tried + i] !== no) throw new RangeError(`item ${no} is not next in the fit`);
    });
    const rows = outcomes.flatMap(({ no, vectors }) =>
      vectors.map((vector) => ({ no, ...vector })),
    );
    const k = row.k ?? rows.at(0)?.values.length ?? null;
    if (rows.some(({ values }) => values.length !== k))
      throw new RangeError(`vectors of one fit have ${k} values each`);
    if (rows.length > 0 && k !== null) {
      const pack = new Pack(this.#file(run), "predictions");
      try {
        pack.append(row.vectors * (8 + 4 * k), rows.map(packed));
      } finally {
        pack.close();
      }
    }
    this.#connection.run(
      `UPDATE fit SET k = ?, tried = tried + ?, vectors = vectors + ?, empty = empty + ?, failed = failed + ?
       WHERE run = ?`,
      k,
      outcomes.length,
      rows.length,
      outcomes.reduce((sum, { empty }) => sum + empty, 0),
      outcomes.filter(({ error }) => error !== null).length,
      row.run,
    );
  }

  /** Whether every row that counts is in the pack; a pack that was lost is learnt anew. */
  isWhole(run: RunId): boolean {
    const row = this.#row(run);
    if (!row || row.vectors === 0 || row.k === null) return true;
    const size = 8 + 4 * row.k;
    const pack = new Pack(this.#file(run), "predictions");
    try {
      return pack.read((row.vectors - 1) * size, size) !== null;
    } finally {
      pack.close();
    }
  }

  restart(run: RunId): void {
    this.#connection.run(
      `UPDATE fit SET k = NULL, tried = 0, vectors = 0, empty = 0, failed = 0
       WHERE run = (SELECT no FROM run WHERE id = ?)`,
      run,
    );
  }

  /** Keeps the result, whose hash joins the run's identity. Returns that hash. */
  finish(run: RunId, fitted: Fitted): string {
    const sha256 = fittedHash(fitted);
    const { values, dims, facts } = fitted;
    this.#connection.run(
      `UPDATE fit SET dims = ?, fitted = ?, facts = ?, sha256 = ? WHERE run = (SELECT no FROM run WHERE id = ?)`,
      JSON.stringify(dims),
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      JSON.stringify(facts),
      sha256,
      run,
    );
    const plan = this.#connection.get<{ plan: string }>(
      "SELECT plan FROM fit WHERE run = (SELECT no FROM run WHERE id = ?)",
      run,
    );
    const identity = createHash("sha256").update(`${plan?.plan}\n${sha256}`).digest("hex");
    this.#connection.run("UPDATE run SET identity = ? WHERE id = ?", identity, run);
    return sha256;
  }

  #row(run: RunId): FitRow | undefined {
    return this.#connection.get<FitRow>(
      "SELECT fit.* FROM fit JOIN run ON run.no = fit.run WHERE run.id = ?",
      run,
    );
  }

  #file(run: RunId): string {
    return join(this.#folder, "runs", run, "fit.pack");
  }
}

function packed({
  no,
  label,
  values,
}: {
  readonly no: ItemNo;
  readonly label: number;
  readonly values: Float32Array;
}): Uint8Array {
  const bytes = new Uint8Array(8 + values.byteLength);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, no, true);
  view.setInt32(4, label, true);
  values.forEach((value, i) => view.setFloat32(8 + 4 * i, value, true));
  return bytes;
}

function fittedOf({ dims, fitted, facts }: FitRow): Fitted | null {
  if (dims === null || fitted === null || facts === null) return null;
  const bytes = new Uint8Array(fitted); // a copy: its own buffer, aligned
  return {
    dims: JSON.parse(dims) as number[], // written by finish
    values: new Float32Array(bytes.buffer),
    facts: JSON.parse(facts) as FitFacts, // written by finish
  };
}
