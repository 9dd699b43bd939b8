import { message } from "../../../shared/messages/catalogue.ts";
import type { Content } from "../content.ts";
import type { ReportData } from "../report-data.ts";
import { contextOf, type DocumentContext, type DocumentFault } from "./context.ts";
import { coverOf } from "./cover.ts";
import type { ReportDocument, Section } from "./document.ts";
import { breakable, cutShort } from "./names.ts";
import { hashOf } from "./numbers.ts";
import { actionsSection } from "./sections/actions.ts";
import { checklistSection } from "./sections/checklist.ts";
import { dataCheckSection } from "./sections/data-check.ts";
import { datasetSection } from "./sections/dataset.ts";
import { datasheetSection } from "./sections/datasheet.ts";
import { failuresSection } from "./sections/failures.ts";
import { findingsSection } from "./sections/findings.ts";
import { limitsSection } from "./sections/limits.ts";
import { manifestSection } from "./sections/manifest.ts";
import { methodsSection } from "./sections/methods.ts";
import { modelCardSection } from "./sections/model-card.ts";
import { modelSection } from "./sections/model.ts";
import { readingSection } from "./sections/reading.ts";
import { recordSection } from "./sections/record-extract.ts";
import { resultsSection } from "./sections/results.ts";
import { scopeSection } from "./sections/scope.ts";
import { settingsSection } from "./sections/settings.ts";
import { signaturesSection } from "./sections/signatures.ts";
import { summarySection } from "./sections/summary.ts";

/** Every section stands in every report: what was not done is said in its place. */
export type SectionWriter = (context: DocumentContext) => Section;

/** In the report's fixed order. */
const writers: readonly SectionWriter[] = [
  summarySection,
  scopeSection,
  datasetSection,
  dataCheckSection,
  modelSection,
  methodsSection,
  readingSection,
  resultsSection,
  findingsSection,
  failuresSection,
  limitsSection,
  actionsSection,
  signaturesSection,
  checklistSection,
  modelCardSection,
  datasheetSection,
  recordSection,
  settingsSection,
  manifestSection,
];

const footLetters = 20;

/** The whole report as a document. */
export function documentOf(
  data: ReportData,
  content: Content,
  faults: readonly DocumentFault[] = [],
): ReportDocument {
  const context = contextOf(data, content, faults);
  const { audit, revision } = data;
  return {
    meta: {
      title: audit.name,
      name: breakable(audit.name),
      description: message("document.description"),
      language: "en",
      brand: message("document.brand"),
      draft: revision.isDraft ? message("document.draft") : "",
      headRight: revision.isDraft
        ? message("document.head.draft")
        : message("revision.document.head", { no: revision.no }),
      foot: {
        audit: message(
          revision.isDraft ? "revision.document.foot.draft" : "revision.document.foot",
          {
            name: cutShort(audit.name, footLetters),
            no: revision.no,
          },
        ),
        notice: audit.medical ? message("document.foot.notice") : "",
        hash: message("document.foot.hash", { hash: hashOf(content.sha256, 12) }),
      },
      pageOf: message("document.page-of"),
      contents: message("document.contents"),
    },
    cover: coverOf(context),
    sections: writers.map((write) => write(context)),
  };
}
