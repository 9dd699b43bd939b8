import type { Audit } from "../../../shared/contract/audits.ts";
import type { QueueRule } from "../../../shared/domain/command.ts";
import type { GivenVerdict } from "../verdict-history.ts";
import type { Table } from "./table.ts";

/** Every verdict ever given, superseded ones too. Reasons are parted by semicolons; `view_state` is JSON. */
export function verdictsTable({ queues, readers }: Audit): Table<GivenVerdict> {
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
    cells: (given) => [
      given.id,
      given.item,
      given.run,
      names.get(given.readerId) ?? given.readerId,
      null, // readers have no roles yet
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
    ],
  };
}

/** Which reading of the item it was: a second one, a third person's, else the first. */
function readingOf(kind: QueueRule["kind"] | undefined): 1 | 2 | 3 {
  return kind === "second" ? 2 : kind === "adjudication" ? 3 : 1;
}
