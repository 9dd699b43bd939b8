import { withoutNames } from "./anonymise.ts";
import { contentOf } from "./content.ts";
import { writePdf } from "./pdf/write-pdf.ts";
import { recordLogOf } from "./record-log.ts";
import { dataWriters } from "./registry.ts";
import type { BuiltReport, ReportData } from "./report-data.ts";

/** Writes every file of a report: the data first, then the PDF, whose foot carries their hash. */
export function buildReport(whole: ReportData): BuiltReport {
  const data = withoutNames(whole);
  const files = dataWriters.flatMap((writer) => writer.write(data));
  if (!whole.revision.isDraft) files.push(recordLogOf(whole.record));
  const content = contentOf(files, data);
  files.push(content.file);
  const pdf = writePdf(data, content);
  return { ...pdf, files: [...files, pdf.file] };
}
