import type { JobId } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";

/** Pause, resume and cancel of one job; the answer is shown before the event of it arrives. */
export class JobActions {
  error = $state.raw<ErrorJson | null>(null);
  readonly #audit: AuditState;
  readonly #jobId: JobId;

  constructor(audit: AuditState, jobId: JobId) {
    this.#audit = audit;
    this.#jobId = jobId;
  }

  pause(): Promise<void> {
    return this.#ask("pause");
  }

  resume(): Promise<void> {
    return this.#ask("resume");
  }

  cancel(): Promise<void> {
    return this.#ask("cancel");
  }

  async #ask(what: "pause" | "resume" | "cancel"): Promise<void> {
    try {
      const ids = { auditId: this.#audit.id, jobId: this.#jobId };
      this.#audit.take({ kind: "job", job: await this.#audit.api.runs[what](ids) });
      this.error = null;
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }
}
