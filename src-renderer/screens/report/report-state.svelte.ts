import type { ReportOutline } from "../../../shared/contract/reports.ts";
import type { JobId, RunId } from "../../../shared/domain/ids.ts";
import { isEnded } from "../../../shared/domain/job.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import { Verification } from "../verify/verification.svelte.ts";

/** The report of an audit: its outline, what stands against it, its build as a job, its files. */
export class ReportState {
  outline = $state.raw<ReportOutline | null>(null);
  error = $state.raw<ErrorJson | null>(null);
  run = $state.raw<RunId | null>(null);
  keepNames = $state(false);
  readonly verification: Verification;
  #jobId = $state.raw<JobId | null>(null);
  readonly #audit: AuditState;

  constructor(audit: AuditState) {
    this.#audit = audit;
    this.verification = new Verification(audit.api);
  }

  /** The build that goes on, or the one that ended last in this visit. */
  readonly job = $derived.by(
    () =>
      this.#audit.jobs.find((job) => job.id === this.#jobId) ??
      this.#audit.jobs.find((job) => job.kind === "report" && !isEnded(job.state)) ??
      null,
  );
  readonly isBuilding = $derived(this.job !== null && !isEnded(this.job.state));
  readonly pdf = $derived(this.outline?.files.find((file) => file.name.endsWith(".pdf")) ?? null);

  async load(): Promise<void> {
    try {
      this.outline = await this.#audit.api.reports.outline({ auditId: this.#audit.id });
      this.error = null;
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }

  async build(): Promise<void> {
    if (this.isBuilding) return;
    try {
      const { jobId } = await this.#audit.api.reports.build({
        auditId: this.#audit.id,
        run: this.run ?? this.#audit.run?.id ?? null,
        plates: null,
        keepNames: this.keepNames,
      });
      this.#jobId = jobId;
      this.verification.step = null;
      this.error = null;
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }

  async cancel(): Promise<void> {
    if (this.job === null) return;
    try {
      const ids = { auditId: this.#audit.id, jobId: this.job.id };
      this.#audit.take({ kind: "job", job: await this.#audit.api.runs.cancel(ids) });
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }

  verify(): Promise<void> {
    return this.verification.audit(this.#audit.id);
  }
}
