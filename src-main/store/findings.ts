import { plateOf, type Finding, type FindingState } from "../../shared/domain/finding.ts";
import type { Recommendation, Severity } from "../../shared/domain/finding.ts";
import type { FindingId, ItemNo, ReaderId } from "../../shared/domain/ids.ts";
import type { Reason } from "../../shared/domain/review.ts";
import type { Connection } from "./connection.ts";

interface FindingData {
  id: FindingId;
  title: string;
  statement: string;
  shortcut: Reason | null;
  classes: string;
  subgroup: string;
  plate: string;
  tests: string;
  severity: Severity;
  harm: string;
  recommendations: string;
  advice: string;
  owner: ReaderId | null;
  state: FindingState;
  reader: ReaderId | null;
  record_no: number;
}

/** Findings as they stand, heaviest first, then oldest first. */
export class Findings {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  all(): Finding[] {
    return this.#connection
      .all<FindingData>(`SELECT * FROM finding ORDER BY ${weight}, record_no`)
      .map((row) => this.#toFinding(row));
  }

  byId(id: FindingId): Finding | null {
    const row = this.#connection.get<FindingData>("SELECT * FROM finding WHERE id = ?", id);
    return row ? this.#toFinding(row) : null;
  }

  ids(): { id: FindingId }[] {
    return this.#connection.all<{ id: FindingId }>("SELECT id FROM finding ORDER BY record_no");
  }

  /** Findings that hold an item. */
  of(item: ItemNo): FindingId[] {
    return this.#connection
      .tuples<[FindingId]>(
        `SELECT finding FROM finding_item JOIN finding ON finding.id = finding_item.finding
         WHERE item = ? ORDER BY finding.record_no`,
        item,
      )
      .map(([id]) => id);
  }

  items(id: FindingId): ItemNo[] {
    return this.#connection
      .tuples<[number]>("SELECT item FROM finding_item WHERE finding = ? ORDER BY item", id)
      .map(([item]) => item);
  }

  /**
   * Its items that some reader called Spurious and nobody does any more. A verdict taken back by undo counts where it
   * still stood when the item was added.
   */
  noLongerSpurious(id: FindingId): ItemNo[] {
    return this.#connection
      .tuples<[number]>(
        `SELECT item FROM finding_item WHERE finding = ?
           AND NOT EXISTS (SELECT 1 FROM judgement
             WHERE judgement.item = finding_item.item AND verdict = 'spurious')
           AND EXISTS (SELECT 1 FROM change
             WHERE cell >= 'verdict/' || finding_item.item || '/' AND cell < 'verdict/' || finding_item.item || '0'
               AND value ->> 'verdict' = 'spurious'
               AND (undone = 0 OR EXISTS (SELECT 1 FROM action
                 WHERE action.no = change.no AND undone_by > finding_item.record_no)))
         ORDER BY item`,
        id,
      )
      .map(([item]) => item);
  }

  #toFinding(row: FindingData): Finding {
    const { id, title, statement, shortcut, subgroup, severity, harm, advice, owner, state } = row;
    const items = this.items(id);
    // the lists were parsed by the contract when they came
    const plate = JSON.parse(row.plate) as ItemNo[];
    return {
      id,
      title,
      statement,
      shortcut,
      classes: JSON.parse(row.classes) as string[],
      subgroup,
      items,
      plate: plateOf({ items, plate }),
      tests: JSON.parse(row.tests) as string[],
      severity,
      harm,
      recommendations: JSON.parse(row.recommendations) as Recommendation[],
      advice,
      owner,
      state,
      comments: this.#comments(id),
      readerId: row.reader,
      recordNo: row.record_no,
    };
  }

  #comments(id: FindingId): Finding["comments"] {
    return this.#connection
      .all<{ no: number; reader: ReaderId; at: string; text: string }>(
        `SELECT finding_comment.record_no AS no, finding_comment.reader, record.at, text FROM finding_comment
         JOIN record ON record.no = finding_comment.record_no WHERE finding = ? ORDER BY 1`,
        id,
      )
      .map(({ no, reader, at, text }) => ({ recordNo: no, readerId: reader, at, text }));
  }
}

const weight =
  "CASE severity WHEN 'critical' THEN 0 WHEN 'major' THEN 1 WHEN 'minor' THEN 2 ELSE 3 END";
