import type { Column } from "../../shared/contract/audits.ts";
import type { QueueId, RunId } from "../../shared/domain/ids.ts";
import { quadrantOf, type PredictedFocus } from "../../shared/domain/quadrant.ts";
import { faults, quadrants, reasons, verdicts, type Verdict } from "../../shared/domain/review.ts";
import { identityStates } from "../../shared/domain/identity.ts";
import { identitySql } from "./identity.ts";
import { judgedInQueue, sampledKinds } from "./queues.ts";
import type { CounterName } from "./counters.ts";
import { measureIds } from "./measures.ts";

/** How one column is read: a query whose rows begin with the item, and what the rest of a row means. */
export interface ColumnSource {
  readonly id: string;
  readonly run: RunId | null;
  readonly kind: Column["kind"];
  readonly dictionary: readonly string[];
  readonly facet: Column["facet"];
  /** What its content depends on, besides its run. */
  readonly counters: readonly CounterName[];
  /** Where a condition on `item` may be put, it has the comment "among". */
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
  /** A number, a code, or true for a bit; null: not there. */
  readonly value: (row: readonly unknown[]) => number | boolean | null;
}

type Part = Pick<ColumnSource, "id" | "facet" | "counters" | "sql">;
const none: readonly string[] = [];

function numbers(
  part: Part,
  parameters: readonly number[] = [],
  run: RunId | null = null,
): ColumnSource {
  // SQL's NULL is null, everything else a number: the columns selected are INTEGER or REAL
  return {
    ...part,
    run,
    kind: "float32",
    dictionary: none,
    parameters,
    value: (row) => row[1] as number | null,
  };
}

function bits(
  part: Part,
  parameters: readonly (string | number)[] = [],
  run: RunId | null = null,
): ColumnSource {
  return { ...part, run, kind: "bitset", dictionary: none, parameters, value: () => true };
}

function words(
  part: Part,
  dictionary: readonly string[],
  parameters: readonly (string | number)[] = [],
): ColumnSource {
  const codes = new Map(dictionary.map((word, code) => [word, code]));
  const value = (row: readonly unknown[]) => codes.get(String(row[1])) ?? null;
  return { ...part, run: null, kind: kindFor(dictionary), dictionary, parameters, value };
}

function codes(
  part: Part,
  dictionary: readonly string[],
  parameters: readonly number[],
  run: RunId | null,
): ColumnSource {
  const value = (row: readonly unknown[]) => row[1] as number | null; // an INTEGER column
  return { ...part, run, kind: kindFor(dictionary), dictionary, parameters, value };
}

function kindFor(dictionary: readonly string[]): "codes8" | "codes16" {
  return dictionary.length < 255 ? "codes8" : "codes16";
}

/** Columns of what was given: they change when items are added or files are looked at again. */
export function itemSources(given: {
  readonly classes: readonly string[];
  readonly splits: readonly string[];
  readonly groups: readonly string[];
  readonly facets: readonly {
    readonly id: number;
    readonly name: string;
    readonly values: readonly string[];
  }[];
}): ColumnSource[] {
  const items: readonly CounterName[] = ["items"];
  const files: readonly CounterName[] = ["files"];
  const number = (id: string, column: string, facet: Column["facet"]) =>
    numbers({
      id,
      facet,
      counters: files,
      sql: `SELECT no AS item, ${column} FROM item WHERE 1 /*among*/`,
    });
  const flag = (id: string, condition: string) =>
    bits({
      id,
      facet: "choice",
      counters: files,
      sql: `SELECT no AS item FROM item WHERE ${condition} /*among*/`,
    });
  const word = (id: string, column: string, dictionary: readonly string[]) =>
    words(
      {
        id,
        facet: "choice",
        counters: items,
        sql: `SELECT no AS item, ${column} FROM item WHERE ${column} IS NOT NULL`,
      },
      dictionary,
    );
  return [
    codes(
      {
        id: "label",
        facet: "choice",
        counters: items,
        sql: "SELECT no AS item, label FROM item WHERE 1",
      },
      given.classes,
      [],
      null,
    ),
    ...(given.splits.length ? [word("split", "split", given.splits)] : []),
    ...(given.groups.length ? [word("group", "unit", given.groups)] : []),
    ...given.facets.map(({ id, name, values }) =>
      words(
        {
          id: `facet:${name}`,
          facet: "choice",
          counters: items,
          sql: `SELECT item, facet_value.text FROM item_facet JOIN facet_value ON facet_value.id = item_facet.value
            WHERE item_facet.facet = ?`,
        },
        values,
        [id],
      ),
    ),
    number("width", "width", "range"),
    number("height", "height", "range"),
    number("bytes", "bytes", "range"),
    words(
      {
        id: "identity",
        facet: "choice",
        counters: ["items", "identity"],
        sql: identitySql,
      },
      identityStates,
    ),
    flag("evidence", "has_evidence = 1"),
    flag("missing", "missing = 1"),
    flag("unreadable", "error IS NOT NULL"),
  ];
}

/** Columns of what people said; of several readers' verdicts the newest shows. */
export function judgementSources(queues: readonly { readonly id: QueueId }[]): ColumnSource[] {
  const newest = `SELECT item, verdict, reasons, max(verdict_no) FROM judgement
    WHERE verdict_no IS NOT NULL GROUP BY item`;
  const flag = (id: string, counter: CounterName, table: string, condition: string) =>
    bits({
      id,
      facet: "choice",
      counters: [counter],
      sql: `SELECT DISTINCT item FROM ${table} WHERE ${condition}`,
    });
  return [
    words({ id: "verdict", facet: "choice", counters: ["verdict"], sql: newest }, verdicts),
    ...Object.values(reasons).map((reason) =>
      bits(
        {
          id: `reason:${reason}`,
          facet: "choice",
          counters: ["verdict"],
          sql: `SELECT item FROM (${newest}) WHERE EXISTS (SELECT 1 FROM json_each(reasons) WHERE value = ?)`,
        },
        [reason],
      ),
    ),
    words(
      {
        id: "fault",
        facet: "choice",
        counters: ["fault"],
        sql: "SELECT item, fault FROM judgement WHERE fault IS NOT NULL",
      },
      faults,
    ),
    flag("comment", "comment", "judgement", "comment <> ''"),
    flag("discuss", "discuss", "judgement", "discuss = 1"),
    flag("regions", "region", "region", "1"),
    // Verdicts of what has been read in a queue: of a random sample and its second readings only what was judged in it.
    ...queues.map(({ id }) =>
      words(
        {
          id: `read:${id}`,
          facet: "hidden",
          counters: ["queue", "verdict"],
          sql: `SELECT latest.item, verdict FROM (${newest}) AS latest
            JOIN queue_item ON queue_item.item = latest.item AND queue_item.queue = ?
            JOIN queue ON queue.id = queue_item.queue
            WHERE rule ->> 'kind' NOT IN (${sampledKinds.map((kind) => `'${kind}'`).join()}) OR ${judgedInQueue}`,
        },
        verdicts,
        [id],
      ),
    ),
    ...queues.map(({ id }) =>
      bits(
        {
          id: `queue:${id}`,
          facet: "choice",
          counters: ["queue"],
          sql: "SELECT item FROM queue_item WHERE queue = ?",
        },
        [id],
      ),
    ),
  ];
}

/** Columns of one run. */
export function runSources(run: RunId, no: number, classNames: readonly string[]): ColumnSource[] {
  const own: readonly CounterName[] = []; // a run has its own revision
  return [
    codes(
      {
        id: "predicted",
        facet: "choice",
        counters: own,
        sql: "SELECT item, class FROM prediction WHERE run = ? /*among*/",
      },
      classNames,
      [no],
      run,
    ),
    codes(
      {
        id: "correct",
        facet: "choice",
        counters: own,
        sql: "SELECT item, correct FROM prediction WHERE run = ? /*among*/",
      },
      ["wrong", "right"],
      [no],
      run,
    ),
    numbers(
      {
        id: "confidence",
        facet: "range",
        counters: own,
        sql: "SELECT item, confidence FROM prediction WHERE run = ? /*among*/",
      },
      [no],
      run,
    ),
    ...measureIds.map((id) =>
      numbers(
        {
          id,
          facet: "range",
          counters: own,
          sql: `SELECT item, ${id} FROM measure WHERE run = ? /*among*/`,
        },
        [no],
        run,
      ),
    ),
    numbers(
      {
        id: "attention",
        facet: "range",
        counters: own,
        sql: attentionSql,
      },
      [no],
      run,
    ),
    bits(
      {
        id: "weak",
        facet: "choice",
        counters: own,
        sql: `SELECT item FROM measure WHERE run = ? AND raw_max <
          (SELECT coalesce(weak_below, -9e999) FROM run WHERE run.no = measure.run) /*among*/`,
      },
      [no],
      run,
    ),
    bits(
      {
        id: "failed",
        facet: "choice",
        counters: own,
        sql: "SELECT item FROM failure WHERE run = ? /*among*/",
      },
      [no],
      run,
    ),
    {
      id: "quadrant",
      run,
      kind: "codes8",
      dictionary: quadrants,
      facet: "choice",
      counters: ["verdict"],
      sql: quadrantSql,
      parameters: [no],
      value: (row) => quadrants.indexOf(quadrantOfRow(row)),
    },
  ];
}

/** Confidence × max(b, k, t) of items without a label, shelves left out: the order of a run that nothing can be right in. */
const attentionSql = `SELECT item, confidence * max(coalesce(border, 0), coalesce(corner, 0), coalesce(text, 0))
  FROM measure JOIN prediction USING (run, item)
  WHERE run = ? AND correct IS NULL AND causes ->> '$.suspicion' = 'no-label' /*among*/`;

const quadrantSql = `SELECT measure.item, correct, verdict, predicted_focus FROM measure
  LEFT JOIN prediction ON prediction.run = measure.run AND prediction.item = measure.item
  LEFT JOIN (SELECT item, verdict, max(verdict_no) FROM judgement WHERE verdict_no IS NOT NULL GROUP BY item)
    AS newest ON newest.item = measure.item
  WHERE measure.run = ?`;

function quadrantOfRow(row: readonly unknown[]) {
  // as selected by quadrantSql, from STRICT tables
  const [, correct, verdict, focus] = row as [
    number,
    number | null,
    Verdict | null,
    PredictedFocus | null,
  ];
  return quadrantOf(correct === null ? null : correct === 1, verdict, focus ?? "unjudged");
}
