import type { ReportFile } from "../report-data.ts";
import { verdictHistory } from "../verdict-history.ts";
import type { ReportWriter } from "../writer.ts";
import { findingsTable } from "./findings.ts";
import { itemsTable } from "./items.ts";
import { metricsTable } from "./metrics.ts";
import { predictionsTable } from "./predictions.ts";
import { recordTable } from "./record.ts";
import { regionsTable } from "./regions.ts";
import { runsTable } from "./runs.ts";
import { sheetRows, sheetsTable } from "./sheets.ts";
import { csvOf, type Table } from "./table.ts";
import { testsTable } from "./tests.ts";
import { verdictRows, verdictsTable } from "./verdicts.ts";

/** One file per kind of entity. Predictions and metrics are those of the report's run. */
export const csvWriter: ReportWriter = {
  id: "csv",
  write({ audit, run, items, regions, record, software, sheets, tests, findings, ...data }) {
    const answered = items.filter(({ predicted }) => predicted !== null);
    return [
      file("items", itemsTable, items),
      ...(run ? [file("predictions", predictionsTable(run), answered)] : []),
      ...(run ? [file("metrics", metricsTable(run), answered)] : []),
      file(
        "verdicts",
        verdictsTable(audit),
        verdictRows(verdictHistory(record), data.meetings, data.consensus),
      ),
      file("regions", regionsTable(audit.readers), regions),
      file("tests", testsTable(audit), tests),
      file("findings", findingsTable, findings),
      file("runs", runsTable(audit.models, software), audit.runs),
      ...(sheets.length > 0 ? [file("sheets", sheetsTable, sheetRows(sheets))] : []),
      file("record", recordTable, record),
    ];
  },
};

function file<Row>(name: string, table: Table<Row>, rows: Iterable<Row>): ReportFile {
  return { name: `${name}.csv`, bytes: csvOf(table, rows) };
}
