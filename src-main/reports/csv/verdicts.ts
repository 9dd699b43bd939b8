import type { Audit } from "../../../shared/contract/audits.ts";
import type { QueueRule } from "../../../shared/domain/command.ts";
import type { Consensus, Meeting } from "../../../shared/domain/meeting.ts";
import type { GivenVerdict } from "../verdict-history.ts";
import type { Table } from "./table.ts";

/** What a meeting agreed on, among the verdicts: it stands beside those of readers and joins no rate. */
export interface ConsensusRow {
  readonly kind: "consensus";
  readonly consensus: Consensus;
  /** Who was in the room, parted by semicolons. */
  readonly present: string;
}

/** Rows of verdicts.csv: every verdict ever given, then what meetings agreed on. */
export function verdictRows(
  given: readonly GivenVerdict[],
  meetings: readonly Meeting[],
  consensus: readonly Consensus[],
): (GivenVerdict | ConsensusRow)[] {
  const present = new Map(meetings.map((one) => [one.id, one.present.join(";")]));
  return [
    ...given,
    ...consensus.map((one): ConsensusRow => ({
      kind: "consensus",
      consensus: one,
      present: present.get(one.meeting) ?? "",
    })),
  ];
}

/** Every verdict ever given, superseded ones too. Reasons are parted by semicolons; `view_state` is JSON. */
export function verdictsTable({ queues, readers }: Audit): Table<GivenVerdict | ConsensusRow> {
  const roles = new Map<string, string>(readers.map(({ id, role }) => [id, role]));
  const names = new Map(readers.map(({ id, name }) => [id, name]));
  const queueNames = new Map(queues.map(({ id, name }) => [id, name]));
  const ruleOf = new Map<string, QueueRule["kind"]>(queues.map(({ id, rule }) => [id, rule.kind]));
  const sampled = new Set(
    queues.flatMap(({ rule, items }) => (rule.kind === "random" ? items : [])),
  );
  return {
    columns: [
      "verdict_id",
      "item_id",
      "run_id",
      "reviewer",
      "role",
      "reading",
      "queue",
      "sampled",
      "verdict",
      "reasons",
      "certainty",
      "comment",
      "blind_stage",
      "propagated",
      "seconds",
      "view_state",
      "made_at",
      "record_no",
      "superseded_by",
    ],
    cells: (row) => ("kind" in row ? consensusCells(row, sampled) : cellsOf(row)),
  };

  function cellsOf(given: GivenVerdict) {
    return [
      given.id,
      given.item,
      given.run,
      names.get(given.readerId) ?? given.readerId,
      roles.get(given.readerId) ?? null,
      readingOf(ruleOf.get(given.queue ?? "")),
      given.queue === null ? null : (queueNames.get(given.queue) ?? given.queue),
      sampled.has(given.item),
      given.verdict,
      given.reasons.join(";"),
      given.certainty,
      given.comment,
      given.view?.stage,
      given.isPropagated,
      given.view?.seconds,
      given.view ? JSON.stringify(given.view) : null,
      given.at,
      given.recordNo,
      given.supersededBy,
    ];
  }
}

/** The reviewer is the room; `reading` says "consensus". */
function consensusCells(
  { consensus, present }: ConsensusRow,
  sampled: ReadonlySet<number>,
): (string | number | boolean | null)[] {
  const { item, run, verdict, reasons, note, at, recordNo } = consensus;
  const told = [item, run, present, null, "consensus", null, sampled.has(item)];
  const empty = [null, null, null, null]; // blind stage, propagated, seconds and view are a reader's
  return [
    `${recordNo}-${item}`,
    ...told,
    ...[verdict, reasons.join(";"), null, note],
    ...empty,
    ...[at, recordNo, null],
  ];
}

/** Which reading of the item it was: a second one, a third person's, else the first. */
function readingOf(kind: QueueRule["kind"] | undefined): 1 | 2 | 3 {
  return kind === "second" ? 2 : kind === "adjudication" ? 3 : 1;
}
