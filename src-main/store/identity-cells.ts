import type { CommandBody } from "../../shared/domain/command.ts";
import type { IdentityAnswer } from "../../shared/domain/identity.ts";
import type { ItemNo, ReaderId } from "../../shared/domain/ids.ts";
import type { Rect } from "../../shared/geometry/shape.ts";
import type { Connection } from "./connection.ts";

/** What was answered for an item that may show a name; masks stay with their answer, so that neither goes without the other. */
export type IdentityCell = `identity/${ItemNo}`;
export interface IdentityValue {
  readonly answer: IdentityAnswer;
  readonly boxes: readonly Rect[];
  readonly reader: ReaderId;
}

type IdentityCommand = Extract<
  CommandBody,
  { kind: "identity.mask" | "identity.confirm" | "identity.leaveOut" }
>;

export function identityEffects(
  command: IdentityCommand,
  reader: ReaderId,
): { cell: IdentityCell; value: IdentityValue }[] {
  const boxes = command.kind === "identity.mask" ? command.boxes : [];
  const answer = answers[command.kind];
  return command.items.map((item) => ({
    cell: `identity/${item}` as const,
    value: { answer, boxes, reader },
  }));
}

const answers = {
  "identity.mask": "masked",
  "identity.confirm": "confirmed",
  "identity.leaveOut": "left-out",
} as const;

/** Shows the answer that a cell holds; none for null. */
export function showIdentityCell(
  connection: Connection,
  cell: string,
  no: number,
  value: IdentityValue | null,
): void {
  const item = Number(cell.slice("identity/".length));
  connection.run("DELETE FROM identity_answer WHERE item = ?", item);
  if (value)
    connection.run(
      "INSERT INTO identity_answer (item, answer, boxes, reader, record_no) VALUES (?, ?, ?, ?, ?)",
      item,
      value.answer,
      JSON.stringify(value.boxes),
      value.reader,
      no,
    );
}
