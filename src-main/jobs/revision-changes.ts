import type { RecordEntry } from "../../shared/domain/command.ts";
import { isLocked, type Revision } from "../../shared/domain/revision.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { entryWords } from "../../shared/messages/record-words.ts";
import type { ReportRevision, RevisionChange } from "../reports/report-revision.ts";
import type { AuditStore } from "../store/audit-store.ts";

/** What the report says of the revision people work on, and what differs from the one before (RX-111). */
export function reportRevision(store: AuditStore): ReportRevision {
  const revision = store.revision();
  const earlier = store.revisions().find(({ no }) => no === revision.no - 1) ?? null;
  return {
    no: revision.no,
    isDraft: !isLocked(revision),
    lockedAt: revision.lock?.recordNo ?? null,
    signers: revision.signers.map(({ name, role, meaning }) => ({
      name,
      role: roleWords(role),
      meaning: message(`keys.meaning.${meaning}`),
    })),
    since: earlier?.lock && revision.reopened ? sinceOf(store, revision, earlier) : null,
  };
}

function sinceOf(store: AuditStore, { reopened, lock }: Revision, earlier: Revision) {
  const names = new Map<string, string>(store.readers().map(({ id, name }) => [id, name]));
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null));
  const from = (earlier.lock?.recordNo ?? 0) + 1;
  const to = lock?.recordNo ?? Number.POSITIVE_INFINITY;
  const entries = [...store.allRecord()].filter(({ no }) => no >= from && no < to);
  return {
    revision: earlier.no,
    by: nameOf(reopened?.readerId ?? null) ?? message("record.byAudit"),
    at: reopened?.at ?? "",
    why: reopened?.words ?? "",
    changes: standing(entries).map((entry): RevisionChange => {
      const words = entryWords(entry, (kind, id) => (kind === "reader" ? nameOf(id) : null));
      const by = nameOf(entry.readerId) ?? message("record.byAudit");
      return { recordNo: entry.no, at: entry.at, by, ...words };
    }),
  };
}

/** Entries that change what the report counts and still hold: what was undone is left out, and so is the undoing. */
function standing(entries: readonly RecordEntry[]): RecordEntry[] {
  const undone = new Set<number>();
  for (const { action, object } of entries) {
    const of = Number(object.slice("record/".length));
    if (action === "undo") undone.add(of);
    if (action === "redo") undone.delete(of);
  }
  return entries.filter(({ no, action }) => !undone.has(no) && !isAboutReport.test(action));
}

const isAboutReport = /^(revision|report\.build|export|undo$|redo$)/;

/** A role as the record has it, in words; one of a later Hansight as it is. */
export function roleWords(role: string): string {
  return role === "lead" || role === "reviewer" || role === "viewer"
    ? message(`revision.role.${role}`)
    : role;
}
