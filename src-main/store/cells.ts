import type { ItemNo, QueueId, ReaderId, RegionId } from "../../shared/domain/ids.ts";
import type { AsideCell } from "./aside.ts";
import { areaShare } from "./area-share.ts";
import type { Connection } from "./connection.ts";
import type { CounterName, Counters } from "./counters.ts";
import { showFindingCell, type FindingCell, type FindingCellValue } from "./finding-cells.ts";
import { showPlanCell, type PlanCell, type PlanValue } from "./plan-cells.ts";
import { showMeetingCell, type MeetingCell, type MeetingCellValue } from "./meeting-cells.ts";
import type {
  CellKey,
  StoredCell,
  CellValue,
  Effect,
  JudgementField,
  QueueValue,
  RegionValue,
  VerdictValue,
} from "./effects.ts";
import { showIdentityCell, type IdentityValue } from "./identity-cells.ts";
import { isTestCell, showTestCell, type TestValue } from "./test-cells.ts";

/** Cells in the store: every value each one had (`change`), and the tables that show the one that holds now. */
export class Cells {
  readonly #connection: Connection;
  readonly #counters: Counters;
  readonly #touched = new Set<CounterName>();

  constructor(connection: Connection, counters: Counters) {
    this.#connection = connection;
    this.#counters = counters;
  }

  read(cell: StoredCell): CellValue {
    if (cell.startsWith("role/")) return this.#role(cell.slice("role/".length));
    return this.#winner(cell).value;
  }

  write(no: number, effects: readonly Effect[]): void {
    for (const { cell, value } of effects) {
      const text = value === null ? null : JSON.stringify(value);
      this.#connection.run("INSERT INTO change (cell, no, value) VALUES (?, ?, ?)", cell, no, text);
      this.#show(cell, no, value);
    }
    this.#raise();
  }

  /** Takes away (or brings back) what entry `no` wrote; returns the cells and what they show now. */
  setUndone(no: number, undone: boolean): Effect[] {
    const cells = this.#connection
      .all<{ cell: StoredCell }>("SELECT cell FROM change WHERE no = ? ORDER BY cell", no)
      .map(({ cell }) => cell);
    this.#connection.run("UPDATE change SET undone = ? WHERE no = ?", undone ? 1 : 0, no);
    const effects = cells.map((cell): Effect => {
      const winner = this.#winner(cell);
      this.#show(cell, winner.no, winner.value);
      return { cell, value: winner.value };
    });
    this.#raise();
    return effects;
  }

  /** Empties the tables that a replay of the record fills again. */
  clear(): void {
    for (const table of [
      "change",
      "judgement",
      "region",
      "report_text",
      "queue",
      "queue_item",
      ...foundTables,
    ])
      this.#connection.run(`DELETE FROM ${table}`);
    for (const name of [
      "verdict",
      "certainty",
      "comment",
      "fault",
      "discuss",
      "region",
      "queue",
      "finding",
      "meeting",
      "identity",
    ] as const)
      this.#touched.add(name);
    this.#raise();
  }

  /** A first role comes with the entry by which its reader joined, which is no cell's. */
  #role(reader: string): string | null {
    const row = this.#connection.get<{ role: string }>(
      "SELECT role FROM reader WHERE id = ?",
      reader,
    );
    return row?.role ?? null;
  }

  #winner(cell: StoredCell): { no: number; value: CellValue } {
    const row = this.#connection.get<{ no: number; value: string | null }>(
      "SELECT no, value FROM change WHERE cell = ? AND undone = 0 ORDER BY no DESC LIMIT 1",
      cell,
    );
    if (!row || row.value === null) return { no: row?.no ?? 0, value: null };
    return { no: row.no, value: JSON.parse(row.value) as CellValue }; // written by write
  }

  // What a cell holds depends on its first word: `effectsOf` pairs the two.
  #show(cell: StoredCell, no: number, value: CellValue): void {
    if (isAside(cell)) return; // kept, not shown
    if (isFindingCell(cell)) {
      this.#touched.add("finding");
      const held = (other: FindingCell) => this.read(other) as FindingCellValue; // see above
      showFindingCell(this.#connection, cell, no, value as FindingCellValue, held); // see above
      return;
    }
    if (isMeetingCell(cell)) {
      this.#touched.add("meeting");
      showMeetingCell(this.#connection, cell, no, value as MeetingCellValue); // see above
      return;
    }
    if (cell.startsWith("identity/")) {
      this.#touched.add("identity");
      showIdentityCell(this.#connection, cell, no, value as IdentityValue | null); // see above
      return;
    }
    if (isTestCell(cell)) {
      showTestCell(this.#connection, cell, no, value as TestValue | null); // see above
      return;
    }
    if (cell.startsWith("plan/")) {
      showPlanCell(this.#connection, cell as PlanCell, value as PlanValue | null); // see above
      return;
    }
    const [kind = "", subject = "", reader = ""] = splitKey(cell);
    switch (kind) {
      case "region":
        return this.#showRegion(subject as RegionId, no, value as RegionValue | null);
      case "queue":
        return this.#showQueue(subject as QueueId, no, value as QueueValue | null);
      case "text":
        return this.#showText(subject, no, value as string | null);
      case "role":
        this.#connection.run("UPDATE reader SET role = ? WHERE id = ?", value as string, subject);
        return;
      default:
        return this.#showJudgement(
          kind as JudgementField,
          Number(subject),
          reader as ReaderId,
          no,
          value,
        );
    }
  }

  #showJudgement(
    field: JudgementField,
    item: ItemNo,
    reader: ReaderId,
    no: number,
    value: CellValue,
  ): void {
    this.#touched.add(field);
    const key = [item, reader] as const;
    this.#connection.run(
      "INSERT INTO judgement (item, reader) VALUES (?, ?) ON CONFLICT DO NOTHING",
      ...key,
    );
    if (field === "verdict") {
      const verdict = value as VerdictValue | null; // see #show
      this.#connection.run(
        `UPDATE judgement SET verdict = ?, verdict_no = ?, view_no = ?, run = ?, reasons = ?
         WHERE item = ? AND reader = ?`,
        verdict?.verdict ?? null,
        verdict ? no : null,
        verdict?.viewNo ?? null,
        verdict?.run ?? null,
        JSON.stringify(verdict?.reasons ?? []),
        ...key,
      );
    } else {
      const empty = { certainty: null, comment: "", fault: null, discuss: 0 }[field];
      const shown = value === null ? empty : value === true ? 1 : (value as string | number); // see #show
      this.#connection.run(
        `UPDATE judgement SET ${field} = ? WHERE item = ? AND reader = ?`,
        shown,
        ...key,
      );
    }
    if (value === null)
      this.#connection.run(
        `DELETE FROM judgement WHERE item = ? AND reader = ? AND verdict_no IS NULL AND certainty IS NULL
         AND comment = '' AND fault IS NULL AND discuss = 0`,
        ...key,
      );
  }

  #showRegion(id: RegionId, no: number, region: RegionValue | null): void {
    this.#touched.add("region");
    this.#connection.run("DELETE FROM region WHERE id = ?", id);
    if (!region) return;
    this.#connection.run(
      `INSERT INTO region (id, item, kind, shape, reader, note, area_share, record_no)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      region.item,
      region.kind,
      JSON.stringify(region.shape),
      region.reader,
      region.note,
      areaShare(region.shape),
      no,
    );
  }

  #showQueue(id: QueueId, no: number, queue: QueueValue | null): void {
    this.#touched.add("queue");
    this.#connection.run("DELETE FROM queue WHERE id = ?", id);
    this.#connection.run("DELETE FROM queue_item WHERE queue = ?", id);
    if (!queue) return;
    this.#connection.run(
      "INSERT INTO queue (id, name, rule, record_no) VALUES (?, ?, ?, ?)",
      id,
      queue.name,
      JSON.stringify(queue.rule),
      no,
    );
    this.#connection.run(
      "INSERT INTO queue_item (queue, position, item) SELECT ?, key, value FROM json_each(?)",
      id,
      JSON.stringify(queue.items),
    );
  }

  #showText(field: string, no: number, text: string | null): void {
    this.#connection.run("DELETE FROM report_text WHERE field = ?", field);
    if (text !== null)
      this.#connection.run(
        "INSERT INTO report_text (field, text, record_no) VALUES (?, ?, ?)",
        field,
        text,
        no,
      );
  }

  #raise(): void {
    for (const name of this.#touched) this.#counters.raise(name);
    this.#touched.clear();
  }
}

const foundTables = [
  "finding",
  "finding_item",
  "finding_comment",
  "meeting",
  "consensus",
  "plan_queue",
  "region_test",
  "identity_answer",
  "plan",
] as const;

function isAside(cell: StoredCell): cell is AsideCell {
  return cell.startsWith("aside/");
}

function isFindingCell(cell: CellKey): cell is FindingCell {
  return cell.startsWith("finding/") || cell.startsWith("finding.");
}

function isMeetingCell(cell: CellKey): cell is MeetingCell {
  return cell.startsWith("meeting/") || cell.startsWith("consensus/");
}

/** Word, subject and reader; ids may hold slashes, items cannot. */
function splitKey(cell: CellKey): [kind: string, subject: string, reader: string] {
  const first = cell.indexOf("/");
  const kind = cell.slice(0, first);
  const rest = cell.slice(first + 1);
  if (kind === "region" || kind === "queue" || kind === "text" || kind === "role")
    return [kind, rest, ""];
  const second = rest.indexOf("/");
  return [kind, rest.slice(0, second), rest.slice(second + 1)];
}
