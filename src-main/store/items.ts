import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { Item, NewItem } from "../../shared/domain/item.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { fail, type ErrorJson } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";
import type { Counters } from "./counters.ts";

interface ItemRowData {
  no: number;
  path: string;
  frame: number;
  frames: number;
  bytes: number;
  modified_ms: number;
  sha256: string | null;
  width: number | null;
  height: number | null;
  average_grey: number | null;
  label: string | null;
  labels: string | null;
  split: string | null;
  unit: string | null;
  study: string | null;
  has_evidence: number;
  missing: number;
  error: string | null;
  judged_sha256: string | null;
  changed_no: number | null;
}

export interface ItemCounts {
  readonly items: number;
  readonly unreadable: number;
  readonly missing: number;
  readonly withEvidence: number;
  readonly labelled: number;
  /** Whose verdicts are all for an earlier file. */
  readonly earlierFiles: number;
}

/** What decoding finds out of an item; what is not known yet is null or left out. */
export interface Decoded {
  readonly sha256?: string | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly averageGrey?: number | null;
}

/** A file as it was found on disk. */
export interface SeenFile {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly sha256: string;
}

const selectItem = `SELECT no, path, frame, frames, bytes, modified_ms, sha256, width, height, average_grey,
  class.name AS label, labels, split, unit, study, has_evidence, missing, error, judged_sha256,
  changed_no FROM item LEFT JOIN class ON class.code = item.label`;

/** The listed pictures. A number is the order of first listing and is never used again. */
export class Items {
  readonly #connection: Connection;
  readonly #counters: Counters;

  constructor(connection: Connection, counters: Counters) {
    this.#connection = connection;
    this.#counters = counters;
  }

  /** Adds what is not listed yet, in order; a path and frame already known are left as they are. */
  add(listed: Iterable<NewItem>): { added: number; known: number } {
    const connection = this.#connection;
    const counts = { added: 0, known: 0 };
    connection.transaction(() => {
      let no = this.count();
      const classes = new Map(this.#classRows().map(({ code, name }) => [name, code]));
      const values = new ValueIds(connection);
      for (const item of listed) {
        const { path, bytes, modifiedMs, label = null, split = null, group = null } = item;
        const { frame = null, frames = 1, study = null } = item;
        let code: number | null = null;
        if (label !== null) {
          code = classes.get(label) ?? classes.size;
          if (code === classes.size) {
            this.#insertClass(code, label);
            classes.set(label, code);
          }
        }
        const isNew = connection.run(
          `INSERT INTO item (no, path, frame, frames, bytes, modified_ms, label, labels, split, unit, study,
             has_evidence, missing, error)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path, frame) DO NOTHING`,
          no,
          path,
          frame ?? 0,
          frames,
          bytes,
          modifiedMs,
          code,
          item.labels?.length ? JSON.stringify(item.labels) : null,
          split,
          group,
          study,
          item.evidence ? 1 : 0,
          item.isMissing ? 1 : 0,
          item.error ? JSON.stringify(item.error) : null,
        );
        if (!isNew) {
          counts.known++;
          continue;
        }
        if (item.evidence) this.#insertEvidence(no, item.evidence);
        for (const [name, text] of Object.entries(item.facets ?? {})) {
          const [facet, value] = values.of(name, text);
          connection.run(
            "INSERT INTO item_facet (facet, item, value) VALUES (?, ?, ?)",
            facet,
            no,
            value,
          );
        }
        counts.added++;
        no++;
      }
      if (counts.added) this.#counters.raise("items");
    });
    return counts;
  }

  /** Classes in the order of their codes, before any item uses them. */
  addClasses(names: readonly string[]): void {
    const known = new Set(this.classes());
    for (const name of names)
      if (!known.has(name)) {
        this.#insertClass(known.size, name);
        known.add(name);
      }
  }

  classes(): string[] {
    return this.#classRows().map(({ name }) => name);
  }

  count(): number {
    return (
      this.#connection.get<{ n: number }>("SELECT coalesce(max(no) + 1, 0) AS n FROM item")?.n ?? 0
    );
  }

  counts(): ItemCounts {
    const row = this.#connection.get<ItemCounts>(
      `SELECT count(*) AS items, count(error) AS unreadable, coalesce(sum(missing), 0) AS missing,
       coalesce(sum(has_evidence), 0) AS withEvidence, count(label) AS labelled,
       coalesce(sum(judged_sha256 IS NOT NULL AND changed_no >=
         (SELECT max(verdict_no) FROM judgement WHERE judgement.item = item.no)), 0) AS earlierFiles FROM item`,
    );
    return (
      row ?? { items: 0, unreadable: 0, missing: 0, withEvidence: 0, labelled: 0, earlierFiles: 0 }
    );
  }

  byNo(no: ItemNo): Item {
    const row = this.#connection.get<ItemRowData>(`${selectItem} WHERE no = ?`, no);
    return row ? toItem(row) : fail("audit/item-unknown", { item: no });
  }

  /** A file's only picture, or one of its frames. */
  byPath(path: string, frame: number | null = null): Item | null {
    const row = this.#connection.get<ItemRowData>(
      `${selectItem} WHERE path = ? AND frame = ?`,
      path,
      frame ?? 0,
    );
    return row ? toItem(row) : null;
  }

  /** In the order asked for; unknown numbers are left out. */
  byNumbers(numbers: readonly ItemNo[]): Item[] {
    const found = new Map(
      this.#connection
        .all<ItemRowData>(
          `${selectItem} WHERE no IN (SELECT value FROM json_each(?))`,
          JSON.stringify(numbers),
        )
        .map((row) => [row.no, toItem(row)]),
    );
    return numbers.flatMap((no) => found.get(no) ?? []);
  }

  range(from: ItemNo, limit: number): Item[] {
    return this.#connection
      .all<ItemRowData>(`${selectItem} WHERE no >= ? ORDER BY no LIMIT ?`, from, limit)
      .map(toItem);
  }

  /** Every item, without holding them all. */
  *all(): Generator<Item> {
    for (const row of this.#connection.iterate<ItemRowData>(`${selectItem} ORDER BY no`))
      yield toItem(row);
  }

  evidence(no: ItemNo): EvidenceSource | null {
    const row = this.#connection.get<{ source: string }>(
      "SELECT source FROM evidence WHERE item = ?",
      no,
    );
    return row ? (JSON.parse(row.source) as EvidenceSource) : null; // written by #insertEvidence
  }

  facets(no: ItemNo): Record<string, string> {
    const rows = this.#connection.all<{ name: string; text: string }>(
      `SELECT facet.name, facet_value.text FROM item_facet
       JOIN facet ON facet.id = item_facet.facet JOIN facet_value ON facet_value.id = item_facet.value
       WHERE item_facet.item = ? ORDER BY facet.id`,
      no,
    );
    return Object.fromEntries(rows.map(({ name, text }) => [name, text]));
  }

  *allFacets(): Generator<{ item: ItemNo; facets: Record<string, string> }> {
    const rows = this.#connection.iterateTuples<[item: number, facets: string]>(
      `SELECT item_facet.item, json_group_object(facet.name, facet_value.text) FROM item_facet
       JOIN facet ON facet.id = item_facet.facet JOIN facet_value ON facet_value.id = item_facet.value
       GROUP BY item_facet.item ORDER BY item_facet.item`,
    );
    for (const [item, facets] of rows)
      yield { item, facets: JSON.parse(facets) as Record<string, string> }; // as selected
  }

  *allEvidence(): Generator<{ item: ItemNo; evidence: EvidenceSource }> {
    const rows = this.#connection.iterateTuples<[item: number, source: string]>(
      "SELECT item, source FROM evidence ORDER BY item",
    );
    for (const [item, source] of rows)
      yield { item, evidence: JSON.parse(source) as EvidenceSource }; // written by #insertEvidence
  }

  /** What decoding found out; hashes and sizes are filled in as they become known. */
  setDecoded(no: ItemNo, found: Decoded): void {
    const { sha256 = null, width = null, height = null, averageGrey = null } = found;
    if (sha256 !== null) this.#noteChange(no, sha256);
    const isChanged = this.#connection.run(
      // Bytes that were read end whatever had kept them away before.
      `UPDATE item SET sha256 = coalesce(?1, sha256), width = coalesce(?2, width), height = coalesce(?3, height),
       average_grey = coalesce(?4, average_grey), missing = iif(?1 IS NULL, missing, 0),
       error = iif(?1 IS NULL, error, NULL) WHERE no = ?5 AND (sha256 IS NOT coalesce(?1, sha256) OR
       width IS NOT coalesce(?2, width) OR height IS NOT coalesce(?3, height) OR
       average_grey IS NOT coalesce(?4, average_grey) OR (?1 IS NOT NULL AND (missing = 1 OR error IS NOT NULL)))`,
      sha256,
      width,
      height,
      averageGrey,
      no,
    );
    if (isChanged) this.#counters.raise("files");
  }

  /** A file as it lies there now, for every picture in it. */
  setFile(path: string, { bytes, modifiedMs, sha256 }: SeenFile): ItemNo[] {
    const items = this.#connection
      .tuples<[number]>("SELECT no FROM item WHERE path = ? ORDER BY no", path)
      .map(([no]) => no);
    for (const no of items) this.#noteChange(no, sha256);
    this.#connection.run(
      `UPDATE item SET bytes = ?, modified_ms = ?, sha256 = ?, missing = 0 WHERE path = ?`,
      bytes,
      modifiedMs,
      sha256,
      path,
    );
    this.#counters.raise("files");
    return items;
  }

  /**
   * Another content than the one known: what was judged stays for the earlier file. When that comes back, so do its
   * verdicts.
   */
  #noteChange(no: ItemNo, sha256: string): void {
    this.#connection.run(
      `UPDATE item SET judged_sha256 = nullif(coalesce(judged_sha256, sha256), ?1),
         changed_no = iif(coalesce(judged_sha256, sha256) = ?1, NULL, (SELECT max(no) FROM record))
       WHERE no = ?2 AND sha256 IS NOT NULL AND sha256 <> ?1
         AND EXISTS (SELECT 1 FROM judgement WHERE item = ?2 AND verdict_no IS NOT NULL)`,
      sha256,
      no,
    );
  }

  setError(no: ItemNo, error: ErrorJson | null): void {
    const text = error ? JSON.stringify(error) : null;
    if (
      this.#connection.run("UPDATE item SET error = ?1 WHERE no = ?2 AND error IS NOT ?1", text, no)
    )
      this.#counters.raise("files");
  }

  /** Marks exactly these as not found on disk. */
  setMissing(missing: Iterable<ItemNo>): void {
    this.#connection.transaction(() => {
      this.#connection.run("UPDATE item SET missing = 0 WHERE missing = 1");
      for (const no of missing)
        this.#connection.run("UPDATE item SET missing = 1 WHERE no = ?", no);
      this.#counters.raise("files");
    });
  }

  /** One more that is not at its place. */
  markMissing(no: ItemNo): void {
    if (this.#connection.run("UPDATE item SET missing = 1 WHERE no = ? AND missing = 0", no))
      this.#counters.raise("files");
  }

  /** Items whose bytes are not hashed yet: filled by a job before a report or an export. */
  unhashed(): ItemNo[] {
    return this.#connection
      .tuples<[number]>("SELECT no FROM item WHERE sha256 IS NULL ORDER BY no")
      .map(([no]) => no);
  }

  #classRows(): { code: number; name: string }[] {
    return this.#connection.all("SELECT code, name FROM class ORDER BY code");
  }

  #insertClass(code: number, name: string): void {
    this.#connection.run("INSERT INTO class (code, name) VALUES (?, ?)", code, name);
  }

  #insertEvidence(no: ItemNo, evidence: EvidenceSource): void {
    this.#connection.run(
      "INSERT INTO evidence (item, source) VALUES (?, ?)",
      no,
      JSON.stringify(evidence),
    );
  }
}

/** Numbers of facets and their values, made on first use. */
class ValueIds {
  readonly #connection: Connection;
  readonly #facets = new Map<string, number>();
  readonly #values = new Map<string, number>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  of(name: string, text: string): [facet: number, value: number] {
    const facet = this.#id(
      this.#facets,
      name,
      "facet (name) VALUES (?1)",
      "facet WHERE name = ?1",
      name,
    );
    const value = this.#id(
      this.#values,
      `${facet}\n${text}`,
      "facet_value (text, facet) VALUES (?1, ?2)",
      "facet_value WHERE text = ?1 AND facet = ?2",
      text,
      facet,
    );
    return [facet, value];
  }

  #id(
    known: Map<string, number>,
    key: string,
    insert: string,
    select: string,
    ...values: (string | number)[]
  ) {
    let id = known.get(key);
    if (id === undefined) {
      this.#connection.run(`INSERT INTO ${insert} ON CONFLICT DO NOTHING`, ...values);
      id = this.#connection.get<{ id: number }>(`SELECT id FROM ${select}`, ...values)?.id;
      if (id === undefined) throw new RangeError(`facet ${key} has no number`);
      known.set(key, id);
    }
    return id;
  }
}

function toItem(row: ItemRowData): Item {
  return {
    no: row.no,
    path: row.path,
    frame: row.frame === 0 ? null : row.frame,
    frames: row.frames,
    bytes: row.bytes,
    modifiedMs: row.modified_ms,
    sha256: row.sha256,
    width: row.width,
    height: row.height,
    averageGrey: row.average_grey,
    label: row.label,
    labels: row.labels === null ? [] : (JSON.parse(row.labels) as string[]), // written by add
    split: row.split,
    group: row.unit,
    study: row.study,
    hasEvidence: row.has_evidence === 1,
    isMissing: row.missing === 1,
    error: row.error === null ? null : (JSON.parse(row.error) as ErrorJson), // written by add and setError
    earlierFile:
      row.judged_sha256 === null || row.changed_no === null
        ? null
        : { sha256: row.judged_sha256, untilRecordNo: row.changed_no },
  };
}
