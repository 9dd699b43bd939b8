import type { ReportData } from "../report-data.ts";
import { verdictHistory } from "../verdict-history.ts";

/** Counts up when a reader of an older bundle could misread a newer one. */
const schema = 1;

/** Every entity of the audit in one JSON object, so that a program can read what the CSV files hold. */
export function bundleOf(data: ReportData): Uint8Array {
  const { audit, plates, items, record, ...rest } = data;
  const { columns: _columns, isReadOnly: _isReadOnly, ...facts } = audit; // of the window, not of the audit
  return encoded({
    schema,
    ...rest,
    audit: facts,
    items: items.map(({ judgements: _judgements, ...item }) => item), // they are in `verdicts`
    verdicts: verdictHistory(record),
    plates: plates.map(({ item, summary }) => ({ item, summary })),
    record,
  });
}

/** JSON with a line for each member and each element of its lists: no single text has to hold the whole. */
function encoded(object: Readonly<Record<string, unknown>>): Uint8Array {
  const parts: Buffer[] = [];
  const write = (text: string) => parts.push(Buffer.from(text));
  for (const [i, [name, value]] of Object.entries(object).entries()) {
    write(`${i === 0 ? "{" : ","}\n${JSON.stringify(name)}: `);
    if (!Array.isArray(value)) write(JSON.stringify(value));
    else {
      for (const [j, one] of value.entries())
        write(`${j === 0 ? "[" : ","}\n ${JSON.stringify(one)}`);
      write(value.length === 0 ? "[]" : "\n]");
    }
  }
  write("\n}\n");
  return new Uint8Array(Buffer.concat(parts));
}
