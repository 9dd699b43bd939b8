import { Columns } from "./columns.ts";
import { Commands } from "./commands.ts";
import type { Connection } from "./connection.ts";
import { Copies } from "./copies.ts";
import { Counters } from "./counters.ts";
import { Findings } from "./findings.ts";
import { Fits } from "./fits.ts";
import { Identity } from "./identity.ts";
import { Items } from "./items.ts";
import { Judgements } from "./judgements.ts";
import { Measures } from "./measures.ts";
import { Meetings } from "./meetings.ts";
import { Models } from "./models.ts";
import { Plans } from "./plans.ts";
import { Queues } from "./queues.ts";
import { Readers } from "./readers.ts";
import { RecordLog } from "./record-log.ts";
import { AuditRecord } from "./record.ts";
import { RegionTests } from "./region-tests.ts";
import { Results } from "./results.ts";
import { Revisions } from "./revisions.ts";
import { Rows } from "./rows.ts";
import { Runs } from "./runs.ts";
import { Sheets } from "./sheets.ts";
import { Thumbnails } from "./thumbnails.ts";

/** The files of queries of one open audit, wired to one connection. */
export type Tables = ReturnType<typeof openTables>;

export function openTables(folder: string, connection: Connection, mayWrite: boolean) {
  const counters = new Counters(connection);
  const items = new Items(connection, counters);
  const models = new Models(connection);
  const runs = new Runs(connection);
  const record = new AuditRecord(connection);
  const readers = new Readers(connection, record);
  const queues = new Queues(connection);
  const plans = new Plans(connection);
  const findings = new Findings(connection);
  const measures = new Measures(connection, runs);
  const thumbnails = new Thumbnails(folder, mayWrite);
  return {
    connection,
    counters,
    items,
    models,
    runs,
    record,
    readers,
    queues,
    plans,
    findings,
    meetings: new Meetings(connection),
    measures,
    thumbnails,
    identity: new Identity(connection),
    fits: new Fits(connection, folder),
    sheets: new Sheets(connection, record),
    judgements: new Judgements(connection, record),
    commands: new Commands({ connection, counters, items, plans, readers, record }),
    columns: new Columns({ connection, counters, findings, items, models, queues, runs }),
    results: new Results({ connection, folder, items, measures, models, runs }),
    revisions: new Revisions(connection, record),
    rows: new Rows({ connection, models, runs, thumbnails }),
    tests: new RegionTests(connection),
    log: mayWrite ? new RecordLog(folder, record) : null,
    copies: new Copies(folder, connection),
  };
}
