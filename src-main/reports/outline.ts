import type { Audit } from "../../shared/contract/audits.ts";
import type { ReportOutline } from "../../shared/contract/reports.ts";
import { message, type MessageKey } from "../../shared/messages/catalogue.ts";
import type { PrintedSection } from "./report-data.ts";

/** What is known of the last build. */
export interface LastBuild {
  readonly builtAt: string;
  readonly recordNo: number;
  readonly pages: number;
  readonly sections: readonly PrintedSection[];
  readonly files: ReportOutline["files"];
}

/** What the report holds, or will hold once it is built, and what stands against it. */
export function outlineOf(audit: Audit, built: LastBuild | null): ReportOutline {
  const ready = sectionStates(audit);
  const pages = new Map(built?.sections.map(({ id, page }) => [id, page]));
  return {
    sections: [...ready].map(([id, { title, isComplete }]) => ({
      id,
      title: message(title),
      page: id === "0" && built ? 1 : (pages.get(id) ?? null),
      isComplete,
    })),
    blockers: blockersOf(audit),
    warnings: warningsOf(audit, built),
    pages: built?.pages ?? 0,
    files: built?.files ?? [],
    builtAt: built?.builtAt ?? null,
  };
}

interface SectionState {
  readonly title: MessageKey;
  readonly isComplete: boolean;
}

/** The sections that a build writes of what the audit holds now, in print order. */
function sectionStates(audit: Audit): Map<string, SectionState> {
  const { texts, items, models, queues } = audit;
  const hasRun = audit.runs.some(({ done }) => done > 0);
  const isRead = queues.some(({ rule, read }) => rule.kind === "random" && read > 0);
  const isScoped = (["purpose", "intended-use", "audience", "decision"] as const).every((field) =>
    texts[field].trim(),
  );
  const states = new Map<string, SectionState>([
    ["0", { title: "document.cover.title", isComplete: hasRun }],
    ["1", { title: "document.summary.title", isComplete: hasRun }],
    ["2", { title: "document.scope.title", isComplete: isScoped }],
    ["3", { title: "document.dataset.title", isComplete: items > 0 }],
  ]);
  if (models.length > 0)
    states.set("5", {
      title: "document.model.title",
      isComplete: models.every(({ isProven }) => isProven),
    });
  if (hasRun) states.set("6", { title: "document.methods.title", isComplete: true });
  if (hasRun || queues.length > 0)
    states.set("7", { title: "document.reading.title", isComplete: isRead });
  if (hasRun) {
    states.set("8", { title: "document.results.title", isComplete: isRead });
    states.set("9", { title: "document.cases.title", isComplete: true });
  }
  states.set("11", { title: "document.limits.title", isComplete: true });
  states.set("13", {
    title: "revision.document.title",
    isComplete: audit.revision.state === "signed",
  });
  states.set("E", { title: "document.settings.title", isComplete: true });
  states.set("F", { title: "document.manifest.title", isComplete: true });
  return states;
}

type Notice = ReportOutline["warnings"][number];

function blockersOf({ texts, items, runs }: Audit): Notice[] {
  const blockers: Notice[] = [];
  if (!texts.purpose.trim())
    blockers.push({ code: "no-purpose", words: message("document.blocker.no-purpose") });
  if (items === 0) blockers.push({ code: "no-items", words: message("document.blocker.no-items") });
  else if (!runs.some(({ done }) => done > 0))
    blockers.push({ code: "no-run", words: message("document.blocker.no-run") });
  return blockers;
}

function warningsOf(audit: Audit, built: LastBuild | null): Notice[] {
  const { queues, models, runs, unreadable, hasEvidence, recordNo } = audit;
  const warnings: Notice[] = [];
  const warn = (code: string, words: string) => warnings.push({ code, words });
  for (const { rule, name, items, read } of queues) {
    if (rule.kind !== "random" || read >= items.length) continue;
    const words = { name, read, n: items.length };
    warn(
      "sample-unread",
      message(
        read === 0 ? "document.warning.sample-unread" : "document.warning.sample-part",
        words,
      ),
    );
  }
  for (const { fileName } of models.filter(({ isProven }) => !isProven))
    warn("unproven", message("document.warning.unproven", { name: fileName }));
  for (const { no, failed } of runs.filter(({ failed }) => failed > 0))
    warn("failed-items", message("document.warning.failed-items", { no, n: failed }));
  for (const { no, sheet } of runs.filter(({ done }) => done > 0))
    if (sheet !== "passed")
      warn(`sheet-${sheet}`, message(`document.warning.sheet-${sheet}`, { no }));
  if (unreadable > 0) warn("unreadable", message("document.warning.unreadable", { n: unreadable }));
  if (audit.earlierFiles)
    warn("earlier-files", message("document.warning.earlier-files", { n: audit.earlierFiles }));
  if (!hasEvidence) warn("no-evidence", message("document.warning.no-evidence"));
  if (built) {
    const newer = runs.filter(({ endedAt }) => endedAt !== null && endedAt > built.builtAt);
    for (const { no } of newer) warn("run-newer", message("document.warning.run-newer", { no }));
    // the build itself is the next entry of the record; what follows a locked revision are its signatures
    const isOpen = audit.revision.state === "draft";
    if (isOpen && newer.length === 0 && recordNo > built.recordNo + 1)
      warn("changed", message("document.warning.changed", { n: recordNo - built.recordNo - 1 }));
  }
  return warnings;
}
