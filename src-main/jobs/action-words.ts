import { verdicts, type Verdict } from "../../shared/domain/review.ts";
import { message, type MessageKey } from "../../shared/messages/catalogue.ts";
import type { LastAction } from "../store/commands.ts";
import type { HistoryEntry } from "../store/judgements.ts";

const words: Readonly<Record<string, MessageKey>> = {
  "verdict.set": "jobs.action.verdict",
  "verdict.clear": "jobs.action.cleared",
  "reason.set": "jobs.action.reasons",
  "certainty.set": "jobs.action.certainty",
  "comment.set": "jobs.action.comment",
  "fault.set": "jobs.action.fault",
  "discuss.set": "jobs.action.discuss",
  "region.add": "jobs.action.region-added",
  "region.change": "jobs.action.region-changed",
  "region.remove": "jobs.action.region-removed",
  "test.run": "jobs.action.test",
  "queue.create": "jobs.action.queue",
  "finding.create": "jobs.action.finding",
  "finding.change": "jobs.action.finding-changed",
  "finding.addItems": "jobs.action.finding-items",
  "finding.removeItems": "jobs.action.finding-items-removed",
  "finding.state": "jobs.action.finding-state",
  "finding.comment": "jobs.action.finding-comment",
  "meeting.start": "jobs.action.meeting",
  "meeting.verdict": "jobs.action.consensus",
  "meeting.clear": "jobs.action.consensus-cleared",
  "identity.mask": "jobs.action.identity-masked",
  "identity.confirm": "jobs.action.identity-confirmed",
  "identity.leaveOut": "jobs.action.identity-left-out",
  "plan.freeze": "jobs.action.plan",
  "report.text": "jobs.action.text",
  undo: "jobs.action.undo",
  redo: "jobs.action.redo",
};

/** An action in words: "Spurious", "Comment", "Region added". */
export function actionWords({ action, after }: Pick<LastAction, "action" | "after">): string {
  const verdict = verdictIn(after);
  if (action === "verdict.set" && verdict) return message(`verdict.${verdict}`);
  const key = words[action];
  return key ? message(key) : action;
}

/** A line of an item's history in words; an undo names what it reversed. */
export function historyWords(entry: HistoryEntry): string {
  if ((entry.action === "undo" || entry.action === "redo") && entry.of) {
    const what = actionWords({ action: entry.of, after: entry.after });
    return message(entry.action === "undo" ? "jobs.action.undone" : "jobs.action.redone", { what });
  }
  if (entry.verdict && entry.action === "verdict.set") return message(`verdict.${entry.verdict}`);
  return actionWords(entry);
}

function verdictIn(after: unknown): Verdict | null {
  if (typeof after !== "object" || after === null || !("verdict" in after)) return null;
  return verdicts.find((verdict) => verdict === after.verdict) ?? null;
}
