import type { Column } from "../../shared/contract/audits.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import { itemSources, judgementSources, runSources, type ColumnSource } from "./column-sources.ts";
import type { Connection } from "./connection.ts";
import type { CounterName, Counters } from "./counters.ts";
import type { Findings } from "./findings.ts";
import { findingSources } from "./finding-sources.ts";
import type { Items } from "./items.ts";
import type { Models } from "./models.ts";
import { nameOrder } from "./name-order.ts";
import type { Queues } from "./queues.ts";
import type { Runs } from "./runs.ts";

/** More distinct values than this make no filter. */
const mostChoices = 200;
/** More changed items than this, and reading the whole column is faster. */
const mostPatched = 5000;

/**
 * One value per item from 0, little-endian. `float32`: NaN = not there. `codes8`, `codes16`: index into the dictionary,
 * 255 or 65535 = none. `bitset`: item i is bit i % 8 of byte i / 8.
 */
export interface ColumnData {
  readonly kind: Column["kind"];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly dictionary: readonly string[];
  readonly revision: number;
  readonly length: number;
}

interface Cached {
  readonly counters: number;
  readonly run: number;
  readonly data: ColumnData;
}

/** What the window filters, counts and sorts by: each column read in one query, then kept until it changes. */
export class Columns {
  readonly #connection: Connection;
  readonly #counters: Counters;
  readonly #findings: Findings;
  readonly #items: Items;
  readonly #models: Models;
  readonly #queues: Queues;
  readonly #runs: Runs;
  readonly #cache = new Map<string, Cached>();
  /** Run → items of each of its revisions since the store was opened. */
  readonly #changed = new Map<RunId, Map<number, readonly ItemNo[]>>();
  #given: { revision: number; sources: ColumnSource[] } | null = null;

  constructor(parts: {
    readonly connection: Connection;
    readonly counters: Counters;
    readonly findings: Findings;
    readonly items: Items;
    readonly models: Models;
    readonly queues: Queues;
    readonly runs: Runs;
  }) {
    this.#connection = parts.connection;
    this.#counters = parts.counters;
    this.#findings = parts.findings;
    this.#items = parts.items;
    this.#models = parts.models;
    this.#queues = parts.queues;
    this.#runs = parts.runs;
  }

  /** Every column there is: of the items, of what people said, of each run. */
  list(): Column[] {
    const counters = this.#counters.all();
    const runs = this.#runs.all();
    return [
      ...this.#ofItems(counters).map((source) => describe(source, counters, 0)),
      ...runs.flatMap((run) => this.ofRun(run.id)),
    ];
  }

  /** Those of the items and of what people said, that depend on one of `names`. */
  dependingOn(names: ReadonlySet<CounterName>): Column[] {
    const counters = this.#counters.all();
    const isTouched = (source: ColumnSource) => source.counters.some((name) => names.has(name));
    const runs = names.has("verdict") ? this.#runs.all() : [];
    return [
      ...this.#ofItems(counters)
        .filter(isTouched)
        .map((source) => describe(source, counters, 0)),
      ...runs.flatMap((run) => this.ofRun(run.id).filter(({ id }) => id === "quadrant")),
    ];
  }

  ofRun(id: RunId): Column[] {
    const counters = this.#counters.all();
    const { revision } = this.#runs.stateOf(id);
    return this.#sourcesOf(id).map((source) => describe(source, counters, revision));
  }

  /** Remembers which items a batch brought, so that cached columns are patched instead of read again. */
  noteBatch(run: RunId, items: readonly ItemNo[]): void {
    const revisions = this.#changed.get(run) ?? new Map<number, readonly ItemNo[]>();
    revisions.set(this.#runs.stateOf(run).revision, items);
    this.#changed.set(run, revisions);
  }

  /** Null where there is no such column. */
  read(run: RunId | null, id: string): ColumnData | null {
    const counters = this.#counters.all();
    const sources = run === null ? this.#ofItems(counters) : this.#sourcesOf(run);
    const source = sources.find((candidate) => candidate.id === id);
    if (!source) return null;
    const runRevision = run === null ? 0 : this.#runs.stateOf(run).revision;
    const own = ownRevision(source, counters);
    const key = `${run ?? "-"}/${id}`;
    const cached = this.#cache.get(key);
    if (cached && cached.counters === own && cached.run === runRevision) return cached.data;
    const length = this.#items.count();
    const changed =
      cached && run !== null && cached.counters === own
        ? this.#since(run, cached.run, runRevision)
        : null;
    const bytes =
      cached && changed
        ? this.#patch(source, cached.data.bytes, changed)
        : this.#build(source, length);
    const data: ColumnData = {
      kind: source.kind,
      bytes,
      dictionary: source.dictionary,
      revision: own + runRevision,
      length,
    };
    this.#cache.set(key, { counters: own, run: runRevision, data });
    return data;
  }

  #ofItems(counters: Readonly<Record<CounterName, number>>): ColumnSource[] {
    if (this.#given?.revision !== counters.items)
      this.#given = {
        revision: counters.items,
        sources: [...itemSources(this.#dictionaries()), nameSource],
      };
    return [
      ...this.#given.sources,
      ...judgementSources(this.#queues.ids()),
      ...findingSources(this.#findings.ids()),
    ];
  }

  #sourcesOf(id: RunId): ColumnSource[] {
    const run = this.#runs.byId(id);
    const model = this.#models.byId(run.modelId);
    return runSources(id, run.no, model.classNames);
  }

  #dictionaries(): Parameters<typeof itemSources>[0] {
    const distinct = (column: string) => {
      const rows = this.#connection.tuples<[string]>(
        `SELECT DISTINCT ${column} FROM item WHERE ${column} IS NOT NULL ORDER BY 1 LIMIT ${mostChoices + 1}`,
      );
      return rows.length > mostChoices ? [] : rows.map(([text]) => text);
    };
    const facets = this.#connection
      .all<{ id: number; name: string; values: string }>(
        `SELECT facet.id, name, json_group_array(text ORDER BY text) AS "values" FROM facet
         JOIN facet_value ON facet_value.facet = facet.id GROUP BY facet.id HAVING count(*) <= ${mostChoices}`,
      )
      .map(({ id, name, values }) => ({ id, name, values: JSON.parse(values) as string[] })); // as selected
    return {
      classes: this.#items.classes(),
      splits: distinct("split"),
      groups: distinct("unit"),
      facets,
    };
  }

  /** The items changed in between, or null where that is unknown or too many. */
  #since(run: RunId, from: number, to: number): readonly ItemNo[] | null {
    const revisions = this.#changed.get(run);
    const items: ItemNo[] = [];
    for (let revision = from + 1; revision <= to; revision++) {
      const changed = revisions?.get(revision);
      if (!changed || items.length + changed.length > mostPatched) return null;
      items.push(...changed);
    }
    return items;
  }

  #build(source: ColumnSource, length: number): Uint8Array<ArrayBuffer> {
    if (source === nameSource) return asBytes(nameOrder(this.#connection, length));
    const target = emptyColumn(source.kind, length);
    fill(target, source, this.#connection.tuples(source.sql, ...source.parameters));
    return asBytes(target);
  }

  #patch(
    source: ColumnSource,
    before: Uint8Array,
    items: readonly ItemNo[],
  ): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(before); // those who read the old one keep it
    if (!source.sql.includes(among)) return this.#build(source, this.#items.count());
    const target = view(source.kind, bytes);
    for (const item of items) clear(target, source.kind, item);
    const column = /\bno AS item\b/.test(source.sql) ? "no" : "item";
    const sql = source.sql.replace(among, `AND ${column} IN (SELECT value FROM json_each(?))`);
    fill(target, source, this.#connection.tuples(sql, ...source.parameters, JSON.stringify(items)));
    return bytes;
  }
}

const among = "/*among*/";

/** Rank of each file name, numbers in names counted as numbers. */
const nameSource: ColumnSource = {
  id: "name",
  run: null,
  kind: "float32",
  dictionary: [],
  facet: "hidden",
  counters: ["items"],
  sql: "",
  parameters: [],
  value: () => null,
};

type Target = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

function emptyColumn(kind: Column["kind"], length: number): Target {
  switch (kind) {
    case "float32":
      return new Float32Array(length).fill(NaN);
    case "codes8":
      return new Uint8Array(length).fill(255);
    case "codes16":
      return new Uint16Array(length).fill(65535);
    case "bitset":
      return new Uint8Array(Math.ceil(length / 8));
  }
}

function view(kind: Column["kind"], bytes: Uint8Array<ArrayBuffer>): Target {
  if (kind === "float32") return new Float32Array(bytes.buffer);
  return kind === "codes16" ? new Uint16Array(bytes.buffer) : bytes;
}

function asBytes(target: Target): Uint8Array<ArrayBuffer> {
  return new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
}

function fill(target: Target, source: ColumnSource, rows: readonly (readonly unknown[])[]): void {
  for (const row of rows) {
    const item = row[0] as number; // every query selects it first
    const value = source.value(row);
    if (value === null) continue;
    if (source.kind === "bitset") target[item >> 3] = (target[item >> 3] ?? 0) | (1 << (item & 7));
    else target[item] = Number(value);
  }
}

function clear(target: Target, kind: Column["kind"], item: ItemNo): void {
  if (kind === "bitset") target[item >> 3] = (target[item >> 3] ?? 0) & ~(1 << (item & 7));
  else target[item] = kind === "float32" ? NaN : kind === "codes8" ? 255 : 65535;
}

/** Counters only grow, so their sum never comes back to an earlier value. */
function ownRevision(
  source: ColumnSource,
  counters: Readonly<Record<CounterName, number>>,
): number {
  const names = new Set<CounterName>(["items", ...source.counters]); // every column is as long as the list
  return [...names].reduce((sum, name) => sum + counters[name], 0);
}

function describe(
  source: ColumnSource,
  counters: Readonly<Record<CounterName, number>>,
  runRevision: number,
): Column {
  return {
    id: source.id,
    run: source.run,
    kind: source.kind,
    dictionary: [...source.dictionary],
    revision: ownRevision(source, counters) + runRevision,
    facet: source.facet,
  };
}
