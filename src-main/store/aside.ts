import type { ItemNo, ReaderId } from "../../shared/domain/ids.ts";
import type { Verdict } from "../../shared/domain/review.ts";
import type { Connection } from "./connection.ts";
import type { CellKey } from "./effects.ts";

/** Where the value of the other copy lies that both copies changed: ours holds, theirs stays readable. */
export type AsideCell = `aside/${string}/${CellKey}`;

export function asideCell(tip: string, cell: CellKey): AsideCell {
  return `aside/${tip}/${cell}`;
}

/** One thing that two copies say differently: both are kept, ours shows until somebody decides. */
export interface Conflict {
  readonly cell: string;
  /** First word of the cell: verdict, comment, text, … */
  readonly kind: string;
  readonly item: ItemNo | null;
  readonly reader: ReaderId | null;
  /** As JSON values; of verdicts the words. */
  readonly ours: unknown;
  readonly theirs: unknown;
  readonly tip: string;
}

interface Held {
  cell: string;
  no: number;
  value: string | null;
}

const perItem = new Set(["verdict", "certainty", "comment", "fault", "discuss"]);

/** Every difference that nobody has answered since, in the order of the cells. */
export function conflictsOf(connection: Connection): Conflict[] {
  const winner = `SELECT cell, no, value FROM change AS c WHERE undone = 0
     AND no = (SELECT max(no) FROM change WHERE cell = c.cell AND undone = 0)`;
  const theirs = connection.all<Held>(
    `${winner} AND cell >= 'aside/' AND cell < 'aside0' ORDER BY cell`,
  );
  return theirs.flatMap((held) => {
    const [, tip = "", ...rest] = held.cell.split("/");
    const cell = rest.join("/");
    const own = connection.get<Held>(`${winner} AND cell = ?`, cell);
    if (own && own.no > held.no) return []; // answered after the merge
    const [kind = "", subject = "", reader = ""] = rest;
    const isPerItem = perItem.has(kind);
    const ours = said(kind, own?.value ?? null);
    const other = said(kind, held.value);
    if (JSON.stringify(ours) === JSON.stringify(other)) return [];
    const item = isPerItem ? Number(subject) : null;
    const readerId = isPerItem ? (reader as ReaderId) : null; // the store's own cells
    return [{ cell, kind, item, reader: readerId, ours, theirs: other, tip }];
  });
}

function said(kind: string, value: string | null): unknown {
  const parsed: unknown = value === null ? null : JSON.parse(value);
  if (kind !== "verdict") return parsed;
  return (parsed as { readonly verdict: Verdict | null } | null)?.verdict ?? null; // what verdict cells hold
}
