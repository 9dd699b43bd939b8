import type {
  Command,
  CommandBody,
  EntryOrigin,
  RecordEntry,
} from "../../shared/domain/command.ts";
import type { CommandId, ItemNo, ReaderId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { asideCell } from "./aside.ts";
import { Cells } from "./cells.ts";
import type { Connection } from "./connection.ts";
import type { Counters } from "./counters.ts";
import {
  effectsOf,
  objectOf,
  type CellKey,
  type StoredCell,
  type CellValue,
  type Doable,
  type Effect,
} from "./effects.ts";
import { mustBeAFinding } from "./finding-rules.ts";
import type { Items } from "./items.ts";
import { mustBeAMeeting } from "./meeting-rules.ts";
import type { Plans } from "./plans.ts";
import type { Readers } from "./readers.ts";
import type { AuditRecord, NewEntry } from "./record.ts";

export interface LastAction {
  readonly recordNo: number;
  readonly action: string;
  /** null: more than one item, or none. */
  readonly item: ItemNo | null;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Applied {
  readonly recordNo: number;
  readonly at: string;
  /** null: the command had been applied before. */
  readonly entry: RecordEntry | null;
  readonly touched: readonly StoredCell[];
  /** The one item it was about, if there is one. */
  readonly item: ItemNo | null;
}

/** What `audit.merge` says: which copy, where the two parted, and the cells that both changed since. */
export interface MergeEntry {
  readonly tip: string;
  readonly no: number;
  /** Last entry that both copies have. */
  readonly common: number;
  readonly aside: readonly string[];
}

/** Everything a person can change, each command in one transaction with its entry of the record. */
export class Commands {
  readonly #connection: Connection;
  readonly #cells: Cells;
  readonly #counters: Counters;
  readonly #items: Items;
  readonly #plans: Plans;
  readonly #readers: Readers;
  readonly #record: AuditRecord;
  /** Cells that both copies of a merge changed, by the other's tip. */
  readonly #aside = new Map<string, ReadonlySet<string>>();

  constructor(parts: {
    readonly connection: Connection;
    readonly counters: Counters;
    readonly items: Items;
    readonly plans: Plans;
    readonly readers: Readers;
    readonly record: AuditRecord;
  }) {
    this.#connection = parts.connection;
    this.#counters = parts.counters;
    this.#cells = new Cells(parts.connection, parts.counters);
    this.#items = parts.items;
    this.#plans = parts.plans;
    this.#readers = parts.readers;
    this.#record = parts.record;
  }

  apply(command: Command): Applied {
    const { id, readerId, ...body } = command;
    return this.#connection.transaction(() => {
      const earlier = this.#record.byCommand(id);
      if (earlier)
        return { recordNo: earlier.no, at: earlier.at, entry: null, touched: [], item: null };
      if (!this.#readers.has(readerId)) fail("audit/reader-unknown", { reader: readerId });
      return this.#append(body as CommandBody, readerId, id); // sound: a Command less its id and reader
    });
  }

  /** As `apply`, by the audit itself: queues a run makes. Nobody can undo it. */
  applyUnattended(body: Doable): Applied {
    return this.#connection.transaction(() => this.#append(body, null, null));
  }

  /** From now on entries of the copy `tip` write these cells aside: both copies changed them, and ours holds. */
  setAside(tip: string, cells: readonly string[]): void {
    this.#aside.set(tip, new Set(cells));
  }

  /** An entry of another copy, in our words, inside the transaction of the merge. */
  adopt(entry: NewEntry, at: string, origin: EntryOrigin): RecordEntry {
    const made = this.#record.adopt(entry, at, origin);
    this.#fold(made);
    return made;
  }

  /** What one undo (redo) of this reader would reverse. */
  last(reader: ReaderId, direction: "undo" | "redo"): LastAction | null {
    const row =
      direction === "undo"
        ? this.#connection.get<{ no: number; item: number | null }>(
            "SELECT no, item FROM action WHERE reader = ? AND undone_by IS NULL ORDER BY no DESC LIMIT 1",
            reader,
          )
        : this.#connection.get<{ no: number; item: number | null }>(
            // a new action closes the way forward
            `SELECT no, item FROM action WHERE reader = ?1
             AND undone_by > (SELECT max(no) FROM action WHERE reader = ?1) ORDER BY undone_by DESC LIMIT 1`,
            reader,
          );
    if (!row) return null;
    const entry = this.#record.byNo(row.no);
    if (!entry) return null;
    return {
      recordNo: row.no,
      action: entry.action,
      item: row.item,
      before: entry.before,
      after: entry.after,
    };
  }

  /** Makes the state anew from the record alone. */
  rebuild(): void {
    this.#connection.transaction(() => {
      this.#connection.run("DELETE FROM action");
      this.#cells.clear();
      this.#readers.clear();
      for (const entry of this.#record.all()) this.#fold(entry);
      this.#plans.refresh();
    });
  }

  #append(body: CommandBody, readerId: ReaderId | null, commandId: CommandId | null): Applied {
    const { kind, ...content } = body;
    const no = this.#record.tip().no + 1;
    const object = objectOf(body);
    let before: Record<string, CellValue>;
    let after: unknown = content;
    let effects: Effect[];
    let item: ItemNo | null;
    if (body.kind === "undo" || body.kind === "redo") {
      this.#mustBeReversible(body.recordNo, readerId, body.kind);
      before = this.#valuesOf(this.#cellsOf(body.recordNo));
      effects = this.#reverse(body.recordNo, no, body.kind);
      after = Object.fromEntries(effects.map(({ cell, value }) => [cell, value]));
      item = this.#itemOfAction(body.recordNo);
    } else {
      this.#mustBePossible(body);
      effects = effectsOf(body, readerId, no, (cell) => this.#cells.read(cell));
      before = this.#valuesOf(effects.map(({ cell }) => cell));
      item = this.#do(body, readerId, no, effects);
    }
    const entry = this.#record.append({ readerId, action: kind, object, before, after, commandId });
    const touched = effects.map(({ cell }) => cell);
    return {
      recordNo: entry.no,
      at: entry.at,
      entry,
      touched: [...touched, ...this.#growQueues(touched)],
      item,
    };
  }

  /** Queues that hold what readers disagree on follow their verdicts; their cells. */
  #growQueues(touched: readonly StoredCell[]): CellKey[] {
    if (!touched.some((cell) => cell.startsWith("verdict/") || cell.startsWith("plan/"))) return [];
    const grown = this.#plans.refresh();
    if (grown.length > 0) this.#counters.raise("queue");
    return grown.map((queue) => `queue/${queue}` as const);
  }

  #fold(entry: RecordEntry): void {
    if (entry.action === "reader.add") this.#readers.replay(entry);
    else if (entry.action === "audit.merge") {
      const { tip, aside } = entry.after as MergeEntry; // written by the merge
      this.setAside(tip, aside);
    } else if (isPersonal(entry.action)) this.#replay(entry);
  }

  #replay(entry: RecordEntry): void {
    if (entry.action === "undo" || entry.action === "redo") {
      this.#reverse(Number(entry.object.slice("record/".length)), entry.no, entry.action);
      return;
    }
    const body = { kind: entry.action, ...(entry.after as object) } as Doable; // written by #append
    const { tip } = entry.origin ?? {};
    const aside = tip === undefined ? undefined : this.#aside.get(tip);
    const placed = (cell: StoredCell): StoredCell =>
      tip !== undefined && aside?.has(cell) ? asideCell(tip, cell as CellKey) : cell; // effects name plain cells
    const effects = effectsOf(body, entry.readerId, entry.no, (cell) =>
      this.#cells.read(placed(cell)),
    ).map(({ cell, value }) => ({ cell: placed(cell), value }));
    this.#do(body, entry.readerId, entry.no, effects);
  }

  #do(body: Doable, reader: ReaderId | null, no: number, effects: readonly Effect[]) {
    this.#cells.write(no, effects);
    const item = this.#itemOf(body, effects);
    if (reader !== null && !isFinal(body.kind))
      this.#connection.run(
        "INSERT INTO action (no, reader, item) VALUES (?, ?, ?)",
        no,
        reader,
        item,
      );
    return item;
  }

  #itemOfAction(no: number): ItemNo | null {
    const row = this.#connection.get<{ item: number | null }>(
      "SELECT item FROM action WHERE no = ?",
      no,
    );
    return row?.item ?? null;
  }

  #reverse(target: number, no: number, direction: "undo" | "redo"): Effect[] {
    this.#connection.run(
      "UPDATE action SET undone_by = ? WHERE no = ?",
      direction === "undo" ? no : null,
      target,
    );
    return this.#cells.setUndone(target, direction === "undo");
  }

  #itemOf(body: Doable, effects: readonly Effect[]): ItemNo | null {
    if ("item" in body) return body.item;
    if ("items" in body)
      return body.kind !== "queue.create" && body.items.length === 1
        ? (body.items[0] ?? null)
        : null;
    if (!("region" in body)) return null;
    const region = effects[0]?.value;
    if (region && typeof region === "object" && "item" in region) return region.item;
    // removed: the cell's earlier values still say where it was
    const row = this.#connection.get<{ item: number }>(
      "SELECT value ->> 'item' AS item FROM change WHERE cell = ? AND value IS NOT NULL ORDER BY no DESC LIMIT 1",
      `region/${body.region}`,
    );
    return row?.item ?? null;
  }

  #cellsOf(no: number): StoredCell[] {
    return this.#connection
      .all<{ cell: StoredCell }>("SELECT cell FROM change WHERE no = ? ORDER BY cell", no)
      .map(({ cell }) => cell);
  }

  /** What cells hold; empty ones are left out. */
  #valuesOf(cells: readonly StoredCell[]): Record<string, CellValue> {
    const values: Record<string, CellValue> = {};
    for (const cell of cells) {
      const value = this.#cells.read(cell);
      if (value !== null) values[cell] = value;
    }
    return values;
  }

  #mustBePossible(body: Doable): void {
    const items = "items" in body ? body.items : "item" in body ? [body.item] : [];
    const count = this.#items.count();
    const unknown = items.find((item) => item >= count);
    if (unknown !== undefined) fail("audit/item-unknown", { item: unknown });
    if (body.kind === "region.change" || body.kind === "region.remove")
      if (this.#cells.read(`region/${body.region}`) === null)
        fail("audit/region-unknown", { region: body.region });
    if (body.kind === "reader.role") {
      const { reader, role } = body;
      if (!this.#readers.has(reader)) fail("audit/reader-unknown", { reader });
      if (role !== "lead" && this.#readers.otherLeads(reader) === 0)
        fail("people/last-lead", { reader });
    }
    if (body.kind === "queue.create" && this.#cells.read(`queue/${body.queue}`) !== null)
      fail("audit/queue-exists", { queue: body.queue });
    mustBeAFinding(this.#connection, body);
    mustBeAMeeting(this.#connection, body);
  }

  #mustBeReversible(no: number, reader: ReaderId | null, direction: "undo" | "redo"): void {
    const action = this.#connection.get<{ reader: ReaderId; undone_by: number | null }>(
      "SELECT reader, undone_by FROM action WHERE no = ?",
      no,
    );
    const isUndone = action?.undone_by !== null;
    const isPossible = action && action.reader === reader && isUndone === (direction === "redo");
    if (!isPossible)
      fail(direction === "undo" ? "audit/cannot-undo" : "audit/cannot-redo", { recordNo: no });
  }
}

const personal = new Set<string>([
  "verdict.set",
  "verdict.clear",
  "reason.set",
  "certainty.set",
  "comment.set",
  "fault.set",
  "discuss.set",
  "region.add",
  "region.change",
  "region.remove",
  "test.run",
  "queue.create",
  "finding.create",
  "finding.change",
  "finding.addItems",
  "finding.removeItems",
  "finding.state",
  "finding.comment",
  "meeting.start",
  "meeting.verdict",
  "meeting.clear",
  "identity.mask",
  "identity.confirm",
  "identity.leaveOut",
  "plan.freeze",
  "report.text",
  "reader.role",
  "undo",
  "redo",
] satisfies CommandBody["kind"][]);

const final = new Set<string>(["plan.freeze", "reader.role"] satisfies CommandBody["kind"][]);

/** Whether a command cannot be taken back, only answered by another (marked † in review-experience section 7). */
export function isFinal(kind: string): boolean {
  return final.has(kind);
}

/** Whether an entry came from a command, and so is part of the fold. */
export function isPersonal(action: string): boolean {
  return personal.has(action);
}
