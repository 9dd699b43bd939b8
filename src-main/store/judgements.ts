import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ItemNo, ReaderId, RegionId, RunId } from "../../shared/domain/ids.ts";
import type {
  Certainty,
  Fault,
  Judgement,
  Reason,
  Region,
  RegionKind,
  Shape,
  Verdict,
  ViewState,
} from "../../shared/domain/review.ts";
import type { Connection } from "./connection.ts";
import type { AuditRecord } from "./record.ts";

interface JudgementRow {
  item: number;
  reader: ReaderId;
  verdict: Verdict | null;
  verdict_no: number | null;
  view: string | null;
  run: RunId | null;
  reasons: string;
  certainty: Certainty | null;
  comment: string;
  fault: Fault | null;
  discuss: number;
  at: string | null;
}

interface RegionRowData {
  id: RegionId;
  item: number;
  kind: RegionKind;
  shape: string;
  reader: ReaderId;
  note: string;
  area_share: number;
}

export interface StoredRegion extends Region {
  readonly areaShare: number;
}

/** One line of an item's history: an entry of the record that concerned it, and whether it was undone since. */
export interface HistoryEntry {
  readonly recordNo: number;
  readonly at: string;
  readonly readerId: ReaderId | null;
  readonly action: string;
  readonly isUndone: boolean;
  /** For undo and redo: the action that was reversed. */
  readonly of: string | null;
  readonly verdict: Verdict | null;
  readonly before: unknown;
  readonly after: unknown;
}

const select = `SELECT judgement.item, judgement.reader, verdict, verdict_no, view.after ->> 'view' AS view, run, reasons,
  certainty, comment, fault, discuss, record.at FROM judgement
  LEFT JOIN record ON record.no = judgement.verdict_no LEFT JOIN record AS view ON view.no = judgement.view_no`;

/** What people said of items, and how it came about. */
export class Judgements {
  readonly #connection: Connection;
  readonly #record: AuditRecord;

  constructor(connection: Connection, record: AuditRecord) {
    this.#connection = connection;
    this.#record = record;
  }

  /** One per reader; the newest verdict first. */
  of(item: ItemNo): Judgement[] {
    return this.#connection
      .all<JudgementRow>(
        `${select} WHERE judgement.item = ? ORDER BY verdict_no DESC NULLS LAST`,
        item,
      )
      .map(toJudgement);
  }

  *all(): Generator<Judgement> {
    const rows = this.#connection.iterate<JudgementRow>(
      `${select} ORDER BY judgement.item, judgement.reader`,
    );
    for (const row of rows) yield toJudgement(row);
  }

  judgedCount(): number {
    return (
      this.#connection.get<{ n: number }>(
        "SELECT count(DISTINCT item) AS n FROM judgement WHERE verdict IS NOT NULL",
      )?.n ?? 0
    );
  }

  judgedBy(reader: ReaderId): Set<ItemNo> {
    const rows = this.#connection.tuples<[number]>(
      "SELECT item FROM judgement WHERE reader = ? AND verdict IS NOT NULL",
      reader,
    );
    return new Set(rows.map(([item]) => item));
  }

  regions(item: ItemNo): StoredRegion[] {
    return this.#connection
      .all<RegionRowData>("SELECT * FROM region WHERE item = ? ORDER BY record_no", item)
      .map(toRegion);
  }

  *allRegions(): Generator<StoredRegion> {
    for (const row of this.#connection.iterate<RegionRowData>(
      "SELECT * FROM region ORDER BY item, record_no",
    ))
      yield toRegion(row);
  }

  /** Newest first. */
  history(item: ItemNo): HistoryEntry[] {
    const rows = this.#connection.all<{ no: number; undone: number }>(
      `WITH own AS (
         SELECT no, undone FROM change WHERE cell >= ?1 || '/' AND cell < ?1 || '0'
         UNION SELECT no, undone FROM change WHERE cell >= ?2 || '/' AND cell < ?2 || '0'
         UNION SELECT no, undone FROM change WHERE cell >= ?3 || '/' AND cell < ?3 || '0'
         UNION SELECT no, undone FROM change WHERE cell >= ?4 || '/' AND cell < ?4 || '0'
         UNION SELECT no, undone FROM change WHERE cell >= ?5 || '/' AND cell < ?5 || '0'
         UNION SELECT no, undone FROM change WHERE cell >= ?7 || '/' AND cell < ?7 || '0'
         UNION SELECT no, undone FROM change WHERE cell >= ?8 || '/' AND cell < ?8 || '0'
         UNION SELECT change.no, undone FROM change JOIN action ON action.no = change.no
           WHERE action.item = ?6 AND (cell >= 'region/' AND cell < 'region0' OR cell >= 'test/' AND cell < 'test0'))
       SELECT no, undone FROM own
       UNION SELECT record.no, 0 FROM own JOIN record ON record.object = 'record/' || own.no
         AND record.action IN ('undo', 'redo')
       ORDER BY 1 DESC`,
      `verdict/${item}`,
      `certainty/${item}`,
      `comment/${item}`,
      `fault/${item}`,
      `discuss/${item}`,
      item,
      `finding.item/${item}`,
      `consensus/${item}`,
    );
    return rows.flatMap(({ no, undone }) => {
      const entry = this.#record.byNo(no);
      return entry ? this.#historyEntry(entry, item, undone === 1) : [];
    });
  }

  #historyEntry(entry: RecordEntry, item: ItemNo, isUndone: boolean): HistoryEntry {
    const isReversal = entry.action === "undo" || entry.action === "redo";
    const reversed = isReversal
      ? this.#record.byNo(Number(entry.object.slice("record/".length)))
      : null;
    const verdict =
      entry.action === "verdict.set" ? (entry.after as { verdict: Verdict }).verdict : null; // written by Commands
    return {
      recordNo: entry.no,
      at: entry.at,
      readerId: entry.readerId,
      action: entry.action,
      isUndone,
      of: reversed?.action ?? null,
      verdict,
      before: partOf(entry.before, item),
      after: partOf(entry.after, item),
    };
  }
}

/** Of cells, those of one item; of a command, all but its list of items: an action on 100,000 items has one line here. */
function partOf(value: unknown, item: ItemNo): unknown {
  if (typeof value !== "object" || value === null) return value;
  const isOthers = (key: string) => {
    const [, of] =
      /^(?:verdict|certainty|comment|fault|discuss|finding\.item|consensus)\/(\d+)\//.exec(key) ??
      [];
    return of !== undefined && Number(of) !== item;
  };
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => key !== "items" && !isOthers(key)),
  );
}

function toJudgement(row: JudgementRow): Judgement {
  return {
    item: row.item,
    run: row.run,
    readerId: row.reader,
    verdict: row.verdict,
    reasons: JSON.parse(row.reasons) as Reason[], // written by Cells
    certainty: row.certainty,
    comment: row.comment,
    fault: row.fault,
    discuss: row.discuss === 1,
    view: row.view ? (JSON.parse(row.view) as ViewState) : null, // parsed by the contract when it came
    at: row.at ?? "",
    recordNo: row.verdict_no ?? 0,
  };
}

function toRegion(row: RegionRowData): StoredRegion {
  return {
    id: row.id,
    item: row.item,
    kind: row.kind,
    shape: JSON.parse(row.shape) as Shape, // parsed by the contract when it came
    readerId: row.reader,
    note: row.note,
    areaShare: row.area_share,
  };
}
