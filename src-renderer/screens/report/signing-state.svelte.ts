import type { RevisionRow } from "../../../shared/contract/revisions.ts";
import type { CommandId, JobId, ReaderId } from "../../../shared/domain/ids.ts";
import { isEnded } from "../../../shared/domain/job.ts";
import type { SignatureMeaning } from "../../../shared/domain/signature.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import type { ReportState } from "./report-state.svelte.ts";

/** Someone who could be asked to sign: they have a key in the audit's record. */
export interface PossibleSigner {
  readonly readerId: ReaderId;
  readonly name: string;
  readonly role: string;
  readonly fingerprint: string;
  readonly isHere: boolean;
}

/** Someone who is asked to sign, before the revision is locked. */
export interface Asked {
  readonly readerId: ReaderId;
  readonly meaning: SignatureMeaning;
}

/** The revisions of an audit's report, and what this window does to the present one. */
export class SigningState {
  revisions = $state.raw<readonly RevisionRow[]>([]);
  signers = $state.raw<readonly PossibleSigner[]>([]);
  /** Who is to be named when the revision is locked; kept while the window is open. */
  asked = $state.raw<readonly Asked[]>([]);
  error = $state.raw<ErrorJson | null>(null);
  isBusy = $state(false);
  #jobId = $state.raw<JobId | null>(null);
  readonly #audit: AuditState;
  readonly #report: ReportState;

  constructor(audit: AuditState, report: ReportState) {
    this.#audit = audit;
    this.#report = report;
  }

  readonly current = $derived(this.revisions.at(-1) ?? null);
  readonly earlier = $derived(this.revisions.slice(0, -1).toReversed());
  /** Whoever works in this window, where they have a key in the record. */
  readonly me = $derived.by(
    () => this.signers.find(({ readerId }) => readerId === this.#audit.reader.id) ?? null,
  );
  /** The build of the revision that goes on, or the one that ended last in this visit. */
  readonly job = $derived.by(() => this.#audit.jobs.find((job) => job.id === this.#jobId) ?? null);
  readonly isBuilding = $derived(
    this.current?.state === "building" || (this.job !== null && !isEnded(this.job.state)),
  );

  async load(): Promise<void> {
    await this.#try(async () => {
      const { revisions, signers } = await this.#audit.api.revisions.list({
        auditId: this.#audit.id,
      });
      this.revisions = revisions;
      this.signers = signers;
      if (this.asked.length === 0 && this.me)
        this.asked = [{ readerId: this.me.readerId, meaning: "authored" }];
    });
  }

  ask(one: Asked): void {
    const isAsked = this.asked.some(
      ({ readerId, meaning }) => readerId === one.readerId && meaning === one.meaning,
    );
    if (!isAsked) this.asked = [...this.asked, one];
  }

  dismiss(at: number): void {
    this.asked = this.asked.filter((_, i) => i !== at);
  }

  /** Locks the revision and begins its build. */
  async prepare(): Promise<void> {
    await this.#try(async () => {
      const { jobId } = await this.#audit.api.revisions.prepare({
        ...this.#act(),
        signers: this.asked.map(({ readerId, meaning }) => ({ readerId, meaning })),
        run: this.#report.run ?? this.#audit.run?.id ?? null,
        plates: null,
        keepNames: this.#report.keepNames,
      });
      this.#jobId = jobId;
    });
    await this.#reload();
  }

  async cancelBuild(): Promise<void> {
    const job = this.#audit.activeJobs.find(({ kind }) => kind === "report");
    if (!job) return;
    await this.#try(async () => {
      const ids = { auditId: this.#audit.id, jobId: job.id };
      this.#audit.take({ kind: "job", job: await this.#audit.api.runs.cancel(ids) });
    });
  }

  /** True once it is signed; `error` says why not. */
  async sign(signature: {
    readonly passphrase: string;
    readonly meaning: SignatureMeaning;
    readonly statement: string;
  }): Promise<boolean> {
    const manifestSha256 = this.current?.manifestSha256 ?? "";
    return this.#end(() =>
      this.#audit.api.revisions.sign({ ...this.#act(), ...signature, manifestSha256 }),
    );
  }

  async correct(words: string): Promise<boolean> {
    return this.#end(() => this.#audit.api.revisions.correct({ ...this.#act(), words }));
  }

  #act() {
    const commandId = crypto.randomUUID() as CommandId; // sound: a fresh id is what the brand stands for
    return { auditId: this.#audit.id, commandId, readerId: this.#audit.reader.id };
  }

  async #end(act: () => Promise<unknown>): Promise<boolean> {
    const isDone = await this.#try(act);
    if (isDone) await this.#reload();
    return isDone;
  }

  async #reload(): Promise<void> {
    const { error } = this;
    await Promise.all([this.load(), this.#report.load()]);
    this.error ??= error;
  }

  async #try(act: () => Promise<unknown>): Promise<boolean> {
    this.isBusy = true;
    try {
      await act();
      this.error = null;
      return true;
    } catch (cause) {
      this.error = toErrorJson(cause);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
