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
  const pictures = picturesOf(data);
  const writtenAt = new Date(data.builtAt);
  const whole = typeset(documentOf(data, content), pictures, writtenAt);
  // A character that no typeface has breaks the standard; the report then says so itself.
  const { pdf, pages, sections } = whole.standard
    ? whole
    : typeset(documentOf(data, content, ["missing-glyphs"]), pictures, writtenAt);
  return { file: { name: "report.pdf", bytes: pdf }, pages, sections };
}
