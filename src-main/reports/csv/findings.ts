import type { ReportFinding } from "../report-data.ts";
import type { Table } from "./table.ts";

/**
 * Findings with what was measured of them. `items` are item ids, so that every one of them can be looked up;
 * `random_hits` of `random_n` read items of the random sample belong to it, empty where that was not measured.
 */
export const findingsTable: Table<ReportFinding> = {
  columns: [
    "finding_id",
    "title",
    "shortcut",
    "class",
    "severity",
    "items",
    "random_hits",
    "random_n",
    "rate",
    "ci_low",
    "ci_high",
    "recommendation",
    "state",
  ],
  cells: ({ finding, numbers: { rate } }) => [
    finding.id,
    finding.title,
    finding.shortcut,
    finding.classes.join(";"),
    finding.severity,
    finding.items.join(";"),
    rate?.k,
    rate?.n,
    rate?.p,
    rate?.interval.low,
    rate?.interval.high,
    finding.recommendations.join(";"),
    finding.state,
  ],
};
