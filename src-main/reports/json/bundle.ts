import type { ReportData } from "../report-data.ts";
import { verdictHistory } from "../verdict-history.ts";

/** Counts up when a reader of an older bundle could misread a newer one. */
const schema = 1;

/** Every entity of the audit in one JSON object, so that a program can read what the CSV files hold. */
export function bundleOf(data: ReportData): Uint8Array {
  const { audit, plates, items, record, ...rest } = data;
  const { columns: _columns, isReadOnly: _isReadOnly, ...facts } = audit; // of the window, not of the audit
  const bundle = {
    schema,
    ...rest,
    audit: facts,
    items: items.map(({ judgements: _judgements, ...item }) => item), // they are in `verdicts`
    verdicts: verdictHistory(record),
    plates: plates.map(({ item, summary }) => ({ item, summary })),
    record,
  };
  return new TextEncoder().encode(`${JSON.stringify(bundle, null, 1)}\n`);
}
