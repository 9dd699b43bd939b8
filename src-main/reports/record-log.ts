import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ReportFile } from "./report-data.ts";

/** `record.log` of a bundle: the record up to the revision's lock, word for word, as the audit's own log has it. */
export function recordLogOf(record: readonly RecordEntry[]): ReportFile {
  const lines = record.map((entry) => Buffer.from(`${JSON.stringify(entry)}\n`));
  return { name: "record.log", bytes: new Uint8Array(Buffer.concat(lines)) };
}
