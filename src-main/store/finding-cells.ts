import {
  emptyFinding,
  findingFields,
  type FindingFields,
  type FindingState,
} from "../../shared/domain/finding.ts";
import type { CommandBody } from "../../shared/domain/command.ts";
import type { FindingId, ItemNo, ReaderId } from "../../shared/domain/ids.ts";
import type { Connection } from "./connection.ts";

/** The cells of a finding: that it is there, each of its fields, each of its items, each comment. */
export type FindingCell =
  | `finding/${FindingId}`
  | `finding.${keyof FindingFields | "state"}/${FindingId}`
  | `finding.item/${ItemNo}/${FindingId}`
  | `finding.comment/${number}/${FindingId}`;

export interface FindingMade {
  readonly madeBy: ReaderId;
}

export interface FindingSaid {
  readonly reader: ReaderId;
  readonly text: string;
}

export type FindingCellValue =
  FindingMade | FindingSaid | FindingFields[keyof FindingFields] | FindingState | true | null;

export type FindingCommand = Extract<CommandBody, { kind: `finding.${string}` }>;

/** What a command on a finding writes, as entry `no` of the record. */
export function findingEffects(
  command: FindingCommand,
  reader: ReaderId,
  no: number,
): { cell: FindingCell; value: FindingCellValue }[] {
  const { finding } = command;
  const fields = (changes: Partial<FindingFields>) =>
    findingFields.flatMap((field): { cell: FindingCell; value: FindingCellValue }[] => {
      const value = changes[field];
      return value === undefined ? [] : [{ cell: `finding.${field}/${finding}`, value }];
    });
  const items = (list: readonly ItemNo[], value: true | null) =>
    list.map((item) => ({ cell: `finding.item/${item}/${finding}` as const, value }));
  switch (command.kind) {
    case "finding.create":
      return [
        { cell: `finding/${finding}`, value: { madeBy: reader } },
        ...fields(command.fields),
        ...items(command.items, true),
      ];
    case "finding.change":
      return fields(command.changes);
    case "finding.addItems":
      return items(command.items, true);
    case "finding.removeItems":
      return items(command.items, null);
    case "finding.state":
      return [{ cell: `finding.state/${finding}`, value: command.state }];
    case "finding.comment":
      return [{ cell: `finding.comment/${no}/${finding}`, value: { reader, text: command.text } }];
  }
}

const jsonFields: ReadonlySet<string> = new Set<keyof FindingFields>([
  "classes",
  "plate",
  "tests",
  "recommendations",
]);

/** Shows what a finding's cell holds. `held`: the value of another cell of it, for a finding that comes back. */
export function showFindingCell(
  connection: Connection,
  cell: FindingCell,
  no: number,
  value: FindingCellValue,
  held: (cell: FindingCell) => FindingCellValue,
): void {
  const [kind = "", ...rest] = cell.split("/");
  const field = kind.slice("finding.".length);
  if (kind === "finding.item" || kind === "finding.comment") {
    const [subject = "", ...ids] = rest;
    const id = ids.join("/");
    if (kind === "finding.item") showItem(connection, id, Number(subject), no, value !== null);
    // what comment cells hold
    else showComment(connection, id, Number(subject), value as FindingSaid | null);
    return;
  }
  const id = rest.join("/") as FindingId; // built by findingEffects
  if (kind !== "finding") {
    setField(connection, id, field, value);
    return;
  }
  connection.run("DELETE FROM finding WHERE id = ?", id);
  if (value === null) return;
  const { madeBy } = value as FindingMade; // what the finding's own cell holds
  connection.run(
    "INSERT INTO finding (id, reader, record_no) VALUES (?, ?, ?)",
    id,
    madeBy === "" ? null : madeBy,
    no,
  );
  for (const name of [...findingFields, "state"] as const)
    setField(connection, id, name, held(`finding.${name}/${id}`));
}

function setField(
  connection: Connection,
  id: FindingId,
  field: string,
  value: FindingCellValue,
): void {
  const empty: Readonly<Record<string, unknown>> = { ...emptyFinding, state: "open" };
  const shown = value ?? empty[field] ?? null;
  const text = jsonFields.has(field) ? JSON.stringify(shown) : (shown as string | null); // the other fields are words
  connection.run(`UPDATE finding SET ${columnOf(field)} = ? WHERE id = ?`, text, id);
}

/** The column of a field; a field no finding has is a mistake of ours. */
function columnOf(field: string): string {
  if (field !== "state" && !(field in emptyFinding)) throw new TypeError(`no field ${field}`);
  return field;
}

function showItem(
  connection: Connection,
  id: string,
  item: ItemNo,
  no: number,
  isIn: boolean,
): void {
  connection.run("DELETE FROM finding_item WHERE finding = ? AND item = ?", id, item);
  if (isIn)
    connection.run(
      "INSERT INTO finding_item (finding, item, record_no) VALUES (?, ?, ?)",
      id,
      item,
      no,
    );
}

function showComment(
  connection: Connection,
  id: string,
  no: number,
  said: FindingSaid | null,
): void {
  connection.run("DELETE FROM finding_comment WHERE finding = ? AND record_no = ?", id, no);
  if (said)
    connection.run(
      "INSERT INTO finding_comment (finding, record_no, reader, text) VALUES (?, ?, ?, ?)",
      id,
      no,
      said.reader,
      said.text,
    );
}
