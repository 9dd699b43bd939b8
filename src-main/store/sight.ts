import type { ItemNo, ReaderId } from "../../shared/domain/ids.ts";
import { AuditReader } from "./audit-reader.ts";
import type { AuditFacts } from "./audit-facts.ts";
import type { Connection } from "./connection.ts";
import { openForReading } from "./open-files.ts";
import { openTables } from "./tables.ts";

/** Nobody's id: who is not signed in sees what a reader without any judgement sees. */
const nobody = "";

/**
 * An audit as one reader sees it who reads blind: nothing that others said of the items hidden from them is in it, in
 * whatever way it is asked for. It reads the same store through a connection of its own, on which views stand in front of
 * the tables of what people say; so every query there is, columns, counts and record included, sees through them.
 */
export class Sight extends AuditReader {
  readonly readerId: ReaderId | null;
  readonly isReadOnly: boolean;
  readonly #connection: Connection;
  readonly #dispose: () => void;
  #stamp: string | null = null;
  #hidden: ReadonlySet<ItemNo> = new Set();

  constructor(parts: {
    readonly folder: string;
    readonly facts: AuditFacts;
    readonly readerId: ReaderId | null;
    readonly isReadOnly: boolean;
  }) {
    const { connection, dispose } = openForReading(parts.folder);
    super(parts.folder, parts.facts, openTables(parts.folder, connection, false));
    this.readerId = parts.readerId;
    this.isReadOnly = parts.isReadOnly;
    this.#connection = connection;
    this.#dispose = dispose;
    putViews(connection, parts.readerId ?? nobody);
  }

  /** Items of which nothing that others said shows. */
  get hidden(): ReadonlySet<ItemNo> {
    return this.#hidden;
  }

  /**
   * Brings it up to date: `stamp` names the state of the store that `hidden` is for, `revision` only grows and rises with
   * every change of what is hidden.
   */
  show(stamp: string, revision: number, hidden: () => ReadonlySet<ItemNo>): void {
    if (stamp === this.#stamp) return;
    this.#hidden = hidden();
    const items = JSON.stringify([...this.#hidden]);
    const run = (sql: string, ...values: (string | number)[]) =>
      this.#connection.run(sql, ...values);
    const reader = this.readerId ?? nobody;
    run("DELETE FROM temp.hidden");
    run("INSERT INTO temp.hidden SELECT value FROM json_each(?)", items);
    run("DELETE FROM temp.hidden_entry");
    run(
      `INSERT OR IGNORE INTO temp.hidden_entry
         SELECT no FROM main.action WHERE reader <> ?1 AND item IN (SELECT item FROM temp.hidden)
         UNION SELECT record.no FROM main.action JOIN main.record ON record.no = action.no
           WHERE action.reader <> ?1 AND action.item IS NULL AND ${aboutItems}
             AND EXISTS (SELECT 1 FROM json_each(record.after, '$.items') WHERE value IN (SELECT item FROM temp.hidden))`,
      reader,
    );
    run(
      `INSERT OR IGNORE INTO temp.hidden_entry
         SELECT no FROM main.record WHERE reader <> ?1 AND action GLOB 'finding.*' AND object IN
           (SELECT 'finding/' || finding FROM main.finding_item WHERE item IN (SELECT item FROM temp.hidden))
         UNION SELECT no FROM main.record WHERE reader <> ?1 AND action GLOB 'test.*'
           AND after ->> 'item' IN (SELECT item FROM temp.hidden)`,
      reader,
    );
    run(
      // what a merge kept whole may be about anything
      `INSERT OR IGNORE INTO temp.hidden_entry SELECT no FROM main.record WHERE action IN ('audit.kept', 'audit.merge')
         AND reader IS NOT ?1 AND EXISTS (SELECT 1 FROM temp.hidden)`,
      reader,
    );
    run(
      `INSERT OR IGNORE INTO temp.hidden_entry
         SELECT no FROM main.record WHERE action IN ('undo', 'redo') AND reader IS NOT ?1
           AND CAST(substr(object, 8) AS INTEGER) IN (SELECT no FROM temp.hidden_entry)`,
      reader,
    );
    run("DELETE FROM temp.revision");
    run("INSERT INTO temp.revision VALUES (?)", revision);
    this.#stamp = stamp;
  }

  close(): void {
    this.tables.results.close();
    this.tables.thumbnails.close();
    this.#connection.close();
    this.#dispose();
  }
}

/** Commands on many items at once that say something of each; a queue's or a plan's list says nothing of its items. */
const aboutItems =
  "(record.action LIKE 'verdict.%' OR record.action LIKE 'finding.%' OR record.action LIKE 'meeting.%')";

const isHidden = (column: string) => `${column} IN (SELECT item FROM temp.hidden)`;

/** Item and reader in the key of a judgement's cell, `<field>/<item>/<reader>`. */
const rest = "substr(cell, instr(cell, '/') + 1)";
const isOfJudgement = `substr(cell, 1, instr(cell, '/') - 1) IN ('verdict', 'certainty', 'comment', 'fault', 'discuss')`;
const itemOfCell = `CAST(substr(${rest}, 1, instr(${rest}, '/') - 1) AS INTEGER)`;

/**
 * Puts views of the same names in front of the tables: SQLite looks for a name among what is temporary first. Whatever
 * has an item and a reader is somebody's word on that item; the rest is named here.
 */
function putViews(connection: Connection, reader: string): void {
  const own = `'${reader.replaceAll("'", "''")}'`; // a view takes no parameters
  connection.exec("PRAGMA temp_store = MEMORY");
  connection.exec("CREATE TEMP TABLE hidden (item INTEGER PRIMARY KEY)");
  connection.exec("CREATE TEMP TABLE hidden_entry (no INTEGER PRIMARY KEY)");
  connection.exec("CREATE TEMP TABLE revision (value INTEGER NOT NULL)");
  const columns = columnsOf(connection);
  const put = (table: string, where: string, changed: Record<string, string> = {}) => {
    const names = columns.get(table);
    if (!names) return;
    const list = names.map((name) => (changed[name] ? `${changed[name]} AS ${name}` : name));
    connection.exec(
      `CREATE TEMP VIEW "${table}" AS SELECT ${list.join(", ")} FROM main."${table}" WHERE ${where}`,
    );
  };
  for (const [table, names] of columns)
    if (names.includes("item") && names.includes("reader") && table !== "action")
      put(table, `reader = ${own} OR NOT ${isHidden("item")}`);
  const isVisibleEntry = (no: string) => `${no} NOT IN (SELECT no FROM temp.hidden_entry)`;
  put("action", isVisibleEntry("no"));
  put("record", isVisibleEntry("no"));
  put(
    "change",
    `CASE WHEN ${isOfJudgement} THEN NOT ${isHidden(itemOfCell)} OR cell LIKE '%/' || ${own}
      ELSE ${isVisibleEntry("no")} END`,
  );
  put("consensus", `NOT ${isHidden("item")}`);
  put("finding_item", `NOT ${isHidden("item")} OR ${isVisibleEntry("record_no")}`);
  const seenItems = `SELECT 1 FROM main.finding_item WHERE finding_item.finding = main.finding.id`;
  put(
    "finding",
    `reader IS ${own} OR NOT EXISTS (${seenItems}) OR EXISTS (${seenItems} AND NOT ${isHidden("item")})`,
    {
      plate: `(SELECT json_group_array(value) FROM json_each(plate) WHERE reader IS ${own} OR NOT ${isHidden("value")})`,
    },
  );
  put("finding_comment", `reader = ${own} OR finding IN (SELECT id FROM temp.finding)`);
  // Every revision of what people said rises with what is hidden.
  connection.exec(
    `CREATE TEMP VIEW counter AS
       SELECT name, value + iif(name IN ('items', 'files'), 0, coalesce((SELECT value FROM temp.revision), 0)) AS value
       FROM (SELECT name, value FROM main.counter
         UNION ALL SELECT value, 1 FROM json_each('${JSON.stringify(counterNames)}')
           WHERE value NOT IN (SELECT name FROM main.counter))`,
  );
}

/** Those that no row is there for until their first change. */
const counterNames = ["verdict", "certainty", "comment", "fault", "discuss", "region", "queue"];

function columnsOf(connection: Connection): ReadonlyMap<string, readonly string[]> {
  const rows = connection.all<{ table: string; name: string }>(
    `SELECT main.sqlite_schema.name AS "table", info.name FROM main.sqlite_schema
     JOIN pragma_table_info(main.sqlite_schema.name, 'main') AS info WHERE main.sqlite_schema.type = 'table'`,
  );
  const found = new Map<string, string[]>();
  for (const { table, name } of rows) found.set(table, [...(found.get(table) ?? []), name]);
  return found;
}
