import type { Content } from "../content.ts";
import { documentOf } from "../document/document-of.ts";
import { picturesOf } from "../document/pictures.ts";
import type { BuiltReport, ReportData, ReportFile } from "../report-data.ts";
import { typeset } from "./typeset.ts";

/** The report as PDF, its pages as SVG, and where each section begins. */
export function writePdf(
  data: ReportData,
  content: Content,
): Omit<BuiltReport, "files"> & { readonly file: ReportFile } {
  const document = documentOf(data, content);
  const { pdf, pages, sections } = typeset(document, picturesOf(data), new Date(data.builtAt));
  return { file: { name: "report.pdf", bytes: pdf }, pages, sections };
}
