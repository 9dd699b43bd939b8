import { message } from "../../../shared/messages/catalogue.ts";
import type { Content } from "../content.ts";
import type { ReportData } from "../report-data.ts";
import { contextOf, type DocumentContext, type DocumentFault } from "./context.ts";
import { coverOf } from "./cover.ts";
import type { ReportDocument, Section } from "./document.ts";
import { breakable, cutShort } from "./names.ts";
import { hashOf } from "./numbers.ts";
import { datasetSection } from "./sections/dataset.ts";
import { findingsSection } from "./sections/findings.ts";
import { limitsSection } from "./sections/limits.ts";
import { manifestSection } from "./sections/manifest.ts";
import { methodsSection } from "./sections/methods.ts";
import { modelSection } from "./sections/model.ts";
import { readingSection } from "./sections/reading.ts";
import { resultsSection } from "./sections/results.ts";
import { scopeSection } from "./sections/scope.ts";
import { settingsSection } from "./sections/settings.ts";
import { signaturesSection } from "./sections/signatures.ts";
import { summarySection } from "./sections/summary.ts";

/** A section, or null where there is nothing for it to hold yet: then it is left out. */
export type SectionWriter = (context: DocumentContext) => Section | null;

/** In the report's fixed order; numbers that are left out belong to sections that come with later work. */
const writers: readonly SectionWriter[] = [
  summarySection,
  scopeSection,
  datasetSection,
  modelSection,
  methodsSection,
  readingSection,
  resultsSection,
  findingsSection,
  limitsSection,
  signaturesSection,
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
    sections: writers.flatMap((write) => write(context) ?? []),
  };
}
