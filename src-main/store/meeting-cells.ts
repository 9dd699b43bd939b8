import type { CommandBody } from "../../shared/domain/command.ts";
import type { ItemNo, MeetingId, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { Reason, Verdict } from "../../shared/domain/review.ts";
import type { Connection } from "./connection.ts";

/** The cells of a meeting: that it was held, and what it said of each item. */
export type MeetingCell = `meeting/${MeetingId}` | `consensus/${ItemNo}/${MeetingId}`;

export interface MeetingValue {
  readonly present: readonly string[];
  readonly presenter: ReaderId;
}

export interface ConsensusValue {
  readonly agreed: Verdict;
  readonly reasons: readonly Reason[];
  readonly run: RunId | null;
  readonly dissent: number;
  readonly note: string;
}

export type MeetingCellValue = MeetingValue | ConsensusValue | null;

export type MeetingCommand = Extract<CommandBody, { kind: `meeting.${string}` }>;

/** What a command of a meeting writes. */
export function meetingEffects(
  command: MeetingCommand,
  reader: ReaderId,
): { cell: MeetingCell; value: MeetingCellValue }[] {
  const { meeting } = command;
  switch (command.kind) {
    case "meeting.start":
      return [
        { cell: `meeting/${meeting}`, value: { present: command.present, presenter: reader } },
      ];
    case "meeting.verdict": {
      const { item, verdict, reasons, run, dissent, note } = command;
      const value = { agreed: verdict, reasons, run, dissent, note };
      return [{ cell: `consensus/${item}/${meeting}`, value }];
    }
    case "meeting.clear":
      return [{ cell: `consensus/${command.item}/${meeting}`, value: null }];
  }
}

/** Shows what a meeting's cell holds. */
export function showMeetingCell(
  connection: Connection,
  cell: MeetingCell,
  no: number,
  value: MeetingCellValue,
): void {
  const [kind, ...rest] = cell.split("/");
  if (kind === "meeting") {
    const id = rest.join("/");
    connection.run("DELETE FROM meeting WHERE id = ?", id);
    if (value === null) return;
    const { present, presenter } = value as MeetingValue; // what meeting cells hold
    connection.run(
      "INSERT INTO meeting (id, present, presenter, record_no) VALUES (?, ?, ?, ?)",
      id,
      JSON.stringify(present),
      presenter,
      no,
    );
    return;
  }
  const [item = "", ...ids] = rest;
  const meeting = ids.join("/");
  connection.run("DELETE FROM consensus WHERE item = ? AND meeting = ?", Number(item), meeting);
  if (value === null) return;
  const { agreed, reasons, run, dissent, note } = value as ConsensusValue; // what consensus cells hold
  connection.run(
    `INSERT INTO consensus (item, meeting, verdict, reasons, run, dissent, note, record_no)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    Number(item),
    meeting,
    agreed,
    JSON.stringify(reasons),
    run,
    dissent,
    note,
    no,
  );
}
