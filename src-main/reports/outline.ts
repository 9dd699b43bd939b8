import type { Audit } from "../../shared/contract/audits.ts";
import type { ReportOutline } from "../../shared/contract/reports.ts";
import { hasEvidence, type Finding } from "../../shared/domain/finding.ts";
import type { Rates } from "../../shared/domain/rates.ts";
import { agreementWords, rateWords } from "../../shared/messages/rate-words.ts";
import { message, type MessageKey } from "../../shared/messages/catalogue.ts";
import { isPlanOpen } from "./document/plan.ts";
import type { PrintedSection } from "./report-data.ts";

/** What is known of the last build. */
export interface LastBuild {
  readonly builtAt: string;
  readonly recordNo: number;
  readonly pages: number;
  readonly sections: readonly PrintedSection[];
  readonly files: ReportOutline["files"];
}

/** What stands against a report beyond the audit's own facts. */
export interface ReportFacts {
  readonly rates: Rates;
  /** Second readings that the plan in force asks for; null where it asks for none. */
  readonly secondPlanned: number | null;
  readonly findings: readonly Finding[];
  /** Names of pictures that show identity, as a reader said, and stand on a plate without a mask. */
  readonly unmasked: readonly string[];
  readonly changedModels: readonly string[];
}

/** What the report holds, or will hold once it is built, and what stands against it. */
export function outlineOf(
  audit: Audit,
  built: LastBuild | null,
  facts: ReportFacts,
): ReportOutline {
  const ready = sectionStates(audit, facts);
  const pages = new Map(built?.sections.map(({ id, page }) => [id, page]));
  return {
    sections: [...ready].map(([id, { title, isComplete }]) => ({
      id,
      title: message(title),
      page: id === "0" && built ? 1 : (pages.get(id) ?? null),
      isComplete,
    })),
    blockers: blockersOf(audit, facts),
    warnings: warningsOf(audit, built, facts),
    numbers: numbersOf(facts),
    pages: built?.pages ?? 0,
    files: built?.files ?? [],
    builtAt: built?.builtAt ?? null,
  };
}

interface SectionState {
  readonly title: MessageKey;
  readonly isComplete: boolean;
}

/** The sections in print order; one is complete when what it is about was done. */
function sectionStates(audit: Audit, { rates, findings }: ReportFacts): Map<string, SectionState> {
  const { texts, items, models } = audit;
  const hasRun = audit.runs.some(({ done }) => done > 0);
  const isRead = rates.queue !== null && rates.read > 0;
  const isScoped = (["purpose", "intended-use", "audience", "decision"] as const).every((field) =>
    texts[field].trim(),
  );
  const isModelled = models.length > 0 && models.every(({ isProven }) => isProven);
  const isFound = findings.length > 0 && findings.every(hasEvidence);
  const isAdvised =
    texts.actions.trim() !== "" ||
    (findings.length > 0 && findings.every(({ recommendations }) => recommendations.length > 0));
  return new Map<string, SectionState>([
    ["0", { title: "document.cover.title", isComplete: hasRun }],
    ["1", { title: "document.summary.title", isComplete: hasRun }],
    ["2", { title: "document.scope.title", isComplete: isScoped }],
    ["3", { title: "document.dataset.title", isComplete: items > 0 }],
    ["4", { title: "document.check.title", isComplete: false }],
    ["5", { title: "document.model.title", isComplete: isModelled }],
    ["6", { title: "document.methods.title", isComplete: hasRun }],
    ["7", { title: "document.reading.title", isComplete: isRead && rates.read >= rates.size }],
    ["8", { title: "document.results.title", isComplete: hasRun && isRead }],
    ["9", { title: "document.findings.title", isComplete: isFound }],
    ["10", { title: "document.failures.title", isComplete: hasRun }],
    ["11", { title: "document.limits.title", isComplete: true }],
    ["12", { title: "document.actions.title", isComplete: isAdvised }],
    ["13", { title: "revision.document.title", isComplete: audit.revision.state === "signed" }],
    ["A", { title: "document.checklist.title", isComplete: true }],
    ["B", { title: "document.card.title", isComplete: isModelled }],
    ["C", { title: "document.datasheet.title", isComplete: items > 0 }],
    ["D", { title: "document.record.title", isComplete: true }],
    ["E", { title: "document.settings.title", isComplete: true }],
    ["F", { title: "document.manifest.title", isComplete: true }],
  ]);
}

/** Numbers of the report that lead back to their items. */
function numbersOf({ rates, findings }: ReportFacts): ReportOutline["numbers"] {
  const off = rates.quadrants?.["right-off"];
  const quadrants: ReportOutline["numbers"] = off
    ? [
        {
          words: message("document.cover.headline"),
          value: rateWords(off),
          column: "quadrant",
          word: "right-off",
        },
      ]
    : [];
  const classes = rates.groups.flatMap(({ kind, name, rate }) =>
    kind === "class" && rate
      ? [
          {
            words: message("document.number.class", { name }),
            value: rateWords(rate),
            column: "label",
            word: name,
          },
        ]
      : [],
  );
  return [
    ...quadrants,
    ...classes.slice(0, numbersShown),
    ...findings.slice(0, numbersShown).map(({ id, title, items }) => ({
      words: title || message("findings.untitled"),
      value: message("findings.items", { n: items.length }),
      column: "finding",
      word: id,
    })),
  ];
}

const numbersShown = 20;

/** Under this κ agreement is called weak (review-experience 6.11). */
const weakKappa = 0.6;

type Notice = ReportOutline["warnings"][number];

function blockersOf(audit: Audit, { rates, findings, unmasked }: ReportFacts): Notice[] {
  const { texts, items, runs } = audit;
  const blockers: Notice[] = [];
  if (!texts.purpose.trim())
    blockers.push({ code: "no-purpose", words: message("document.blocker.no-purpose") });
  if (items === 0) blockers.push({ code: "no-items", words: message("document.blocker.no-items") });
  else if (!runs.some(({ done }) => done > 0))
    blockers.push({ code: "no-run", words: message("document.blocker.no-run") });
  if (isPlanOpen({ audit, rates }) && rates.plan !== null && !texts["early-report"].trim())
    blockers.push({
      code: "plan-open-text",
      words: message("document.blocker.plan-open", { read: rates.read, n: rates.size }),
    });
  for (const { title } of findings.filter((finding) => !hasEvidence(finding)))
    blockers.push({
      code: "no-evidence",
      words: message("document.blocker.no-evidence", {
        title: title || message("findings.untitled"),
      }),
    });
  for (const name of unmasked)
    blockers.push({ code: "identity", words: message("document.blocker.identity", { name }) });
  return blockers;
}

function warningsOf(
  audit: Audit,
  built: LastBuild | null,
  { rates, secondPlanned, changedModels }: ReportFacts,
): Notice[] {
  const { queues, models, runs, unreadable, hasEvidence, recordNo } = audit;
  const warnings: Notice[] = [];
  const warn = (code: string, words: string) => warnings.push({ code, words });
  for (const { rule, name, items, read, isReplaced } of queues) {
    if (rule.kind !== "random" || isReplaced || read >= items.length) continue;
    const words = { name, read, n: items.length };
    warn(
      "sample-unread",
      message(
        read === 0 ? "document.warning.sample-unread" : "document.warning.sample-part",
        words,
      ),
    );
  }
  const second = rates.agreement?.shared ?? 0;
  if (secondPlanned !== null && second < secondPlanned)
    warn(
      "second-under",
      message("document.warning.second-under", { read: second, n: secondPlanned }),
    );
  const { kappa } = rates.agreement ?? {};
  if (kappa?.estimate.kind === "value" && kappa.estimate.value < weakKappa)
    warn(
      "weak-agreement",
      message("document.warning.weak-agreement", {
        name: message(`rates.agreement.kappa.${kappa.of}`),
        value: agreementWords(kappa),
        n: second,
      }),
    );
  for (const name of changedModels)
    warn("model-changed", message("document.warning.model-changed", { name }));
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
