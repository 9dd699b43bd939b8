import type { ItemNo, MeetingId, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { Consensus, Meeting } from "../../shared/domain/meeting.ts";
import type { Reason, Verdict } from "../../shared/domain/review.ts";
import type { Connection } from "./connection.ts";

interface ConsensusData {
  item: number;
  meeting: MeetingId;
  run: RunId | null;
  verdict: Verdict;
  reasons: string;
  dissent: number;
  note: string;
  at: string;
  record_no: number;
}

const select = `SELECT consensus.*, record.at FROM consensus
  JOIN meeting ON meeting.id = consensus.meeting JOIN record ON record.no = consensus.record_no`;

/** Meetings that were held, and what they agreed on. */
export class Meetings {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Oldest first. */
  all(): Meeting[] {
    return this.#connection
      .all<{
        id: MeetingId;
        present: string;
        presenter: ReaderId | null;
        at: string;
        record_no: number;
      }>(
        "SELECT meeting.*, record.at FROM meeting JOIN record ON record.no = meeting.record_no ORDER BY record_no",
      )
      .map(({ id, present, presenter, at, record_no: recordNo }) => ({
        id,
        present: JSON.parse(present) as string[], // parsed by the contract when it came
        presenter,
        at,
        recordNo,
      }));
  }

  /** Items that somebody marked for discussion, in item order. */
  discussed(): ItemNo[] {
    return this.#connection
      .tuples<[number]>("SELECT DISTINCT item FROM judgement WHERE discuss = 1 ORDER BY item")
      .map(([item]) => item);
  }

  /** Of one item, newest first; of every item in item order. */
  consensus(item?: ItemNo): Consensus[] {
    const rows =
      item === undefined
        ? this.#connection.all<ConsensusData>(`${select} ORDER BY item, consensus.record_no`)
        : this.#connection.all<ConsensusData>(
            `${select} WHERE item = ? ORDER BY consensus.record_no DESC`,
            item,
          );
    return rows.map(({ record_no: recordNo, reasons, ...row }) => ({
      ...row,
      reasons: JSON.parse(reasons) as Reason[], // parsed by the contract when it came
      recordNo,
    }));
  }
}
