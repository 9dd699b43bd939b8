import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import type { Model } from "../../shared/contract/audits.ts";
import type { ItemNo, ModelId, RunId } from "../../shared/domain/ids.ts";
import type { Connection, Parameter } from "./connection.ts";
import { syncFolder } from "./pack.ts";

/** Our model for each of the other copy's: the same file with the same preparation, else a model of its own. */
export function matchModels(
  ours: readonly Model[],
  theirs: readonly Model[],
): { readonly ours: ReadonlyMap<ModelId, ModelId>; readonly others: readonly Model[] } {
  const keyOf = ({ sha256, preparation, classNames }: Model) =>
    canonicalJson({ sha256, preparation, classNames });
  const known = new Map(ours.map((model) => [keyOf(model), model.id]));
  const found = new Map(theirs.map((model) => [model.id, known.get(keyOf(model)) ?? model.id]));
  return { ours: found, others: theirs.filter((model) => !known.has(keyOf(model))) };
}

/** Files of the runs that come in, before any of their rows: what fails leaves files that nobody refers to. */
export function copyRunFiles(from: string, to: string, runs: readonly RunId[]): void {
  for (const run of runs) {
    const source = join(from, "runs", run);
    const target = join(to, "runs", run);
    if (!existsSync(source)) continue;
    cpSync(source, target, { recursive: true, force: true });
    syncFolder(target);
  }
}

type Row = Record<string, Parameter>;
const ofItems = ["prediction", "map", "measure", "explanation", "failure"] as const;

/** Rows of models and runs that ours lacks, item numbers as they are called here. Inside the transaction of the merge. */
export function copyRunRows(
  from: Connection,
  to: Connection,
  runs: readonly RunId[],
  names: {
    readonly item: (theirs: ItemNo) => ItemNo | undefined;
    readonly model: (theirs: ModelId) => ModelId;
  },
): void {
  const numbers = (text: Parameter) =>
    typeof text === "string"
      ? JSON.stringify((JSON.parse(text) as ItemNo[]).flatMap((no) => names.item(no) ?? [])) // a list, as the store wrote it
      : text;
  for (const id of runs) {
    const run = from.get<Row & { no: number; model: ModelId }>(
      "SELECT * FROM run WHERE id = ?",
      id,
    );
    if (!run) continue;
    const model = names.model(run.model);
    if (!to.get("SELECT 1 FROM model WHERE id = ?", model)) {
      const row = from.get<Row>("SELECT * FROM model WHERE id = ?", run.model);
      if (row) insert(to, "model", without(row, "no"));
    }
    const no = to.get<{ no: number }>("SELECT coalesce(max(no), 0) + 1 AS no FROM run")?.no ?? 1;
    // what was going there goes on nowhere: it is as far as it came
    const state = /^(done|failed|cancelled)/.test(String(run["state"]))
      ? run["state"]
      : "cancelled";
    insert(to, "run", {
      ...run,
      no,
      model,
      state: state ?? null,
      items: numbers(run["items"] ?? null),
    });
    for (const table of ofItems)
      for (const row of from.iterate<Row & { item: number }>(
        `SELECT * FROM ${table} WHERE run = ?`,
        run.no,
      )) {
        const item = names.item(row.item);
        if (item !== undefined) insert(to, table, { ...row, run: no, item });
      }
    const fit = from.get<Row>("SELECT * FROM fit WHERE run = ?", run.no);
    if (fit) insert(to, "fit", { ...fit, run: no, items: numbers(fit["items"] ?? null) });
    to.run(
      `UPDATE run SET done = (SELECT count(*) FROM prediction WHERE run = ?1),
         failed = (SELECT count(*) FROM failure WHERE run = ?1) WHERE no = ?1`,
      no,
    );
  }
}

function without(row: Row, left: string): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== left));
}

function insert(to: Connection, table: string, row: Row): void {
  const columns = Object.keys(row);
  const places = columns.map(() => "?").join(", ");
  to.run(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${places})`, ...Object.values(row));
}
