import type { FindingId } from "../../shared/domain/ids.ts";
import { verdicts } from "../../shared/domain/review.ts";
import type { ColumnSource } from "./column-sources.ts";

/** Columns of findings, a bitset each, and of what meetings agreed on: the newest verdict of an item. */
export function findingSources(findings: readonly { readonly id: FindingId }[]): ColumnSource[] {
  return [
    ...findings.map(({ id }): ColumnSource => ({
      id: `finding:${id}`,
      run: null,
      kind: "bitset",
      dictionary: [],
      facet: "choice",
      counters: ["finding"],
      sql: "SELECT item FROM finding_item WHERE finding = ?",
      parameters: [id],
      value: () => true,
    })),
    {
      id: "consensus",
      run: null,
      kind: "codes8",
      dictionary: verdicts,
      facet: "choice",
      counters: ["meeting"],
      sql: `SELECT item, verdict, max(consensus.record_no) FROM consensus
        JOIN meeting ON meeting.id = consensus.meeting GROUP BY item`,
      parameters: [],
      value: ([, word]) => verdicts.findIndex((verdict) => verdict === word),
    },
  ];
}
