import type { CommandId, ReaderId } from "../../shared/domain/ids.ts";
import type { Revision, RevisionState } from "../../shared/domain/revision.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { RevisionAction } from "./revisions.ts";

/** One step in the life of a revision: who, what, and what the record keeps of it. */
export interface RevisionStep {
  readonly action: RevisionAction;
  /** null: the audit itself, after an interruption. */
  readonly readerId: ReaderId | null;
  readonly after: unknown;
  readonly commandId: CommandId | null;
}

const from: Readonly<Record<RevisionAction, readonly RevisionState[]>> = {
  "revision.lock": ["draft"],
  "revision.unlock": ["building"],
  "revision.build": ["building"],
  "revision.sign": ["ready", "signed"],
  "revision.correct": ["ready"],
  "revision.reopen": ["ready", "signed"],
};

/** Throws where a step does not follow on the state that the revision is in. */
export function mustFollow(action: RevisionAction, { no: revision, state }: Revision): void {
  if (from[action].includes(state)) return;
  if (action === "revision.reopen" || action === "revision.correct")
    fail("revision/not-signed", { revision });
  fail("revision/not-ready", { revision });
}

/** Commands about people and copies rather than about what the report counts: they work on a signed revision as well. */
export function isFree(kind: string): boolean {
  return /^(reader|export|revision)\.|^identity\.show$|^audit\.(checkpoint|relink|merge)$/.test(
    kind,
  );
}
