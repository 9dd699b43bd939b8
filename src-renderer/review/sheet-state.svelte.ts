import type { Run } from "../../shared/contract/audits.ts";
import { isEnded } from "../../shared/domain/job.ts";
import { sheetSentence } from "../../shared/domain/sheet-words.ts";
import type { ReliabilitySheet } from "../../shared/domain/sheet.ts";
import { toErrorJson, type ErrorJson } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { AuditState } from "../screens/frame/audit-state.svelte.ts";

/** The reliability sheet of one run: read when it is asked for, and again when its verdict or its job changes. */
export class SheetState {
  sheet = $state.raw<ReliabilitySheet | null>(null);
  error = $state.raw<ErrorJson | null>(null);
  isAsked = $state(false);
  readonly #audit: AuditState;
  readonly #runId: Run["id"];

  constructor(audit: AuditState, run: Run) {
    this.#audit = audit;
    this.#runId = run.id;
  }

  readonly run = $derived.by(() => this.#audit.runs.find(({ id }) => id === this.#runId) ?? null);
  /** The job that makes it, or the last one that could not. */
  readonly job = $derived.by(
    () =>
      this.#audit.jobs.findLast((job) => job.kind === "sheet" && job.run === this.#runId) ?? null,
  );
  readonly isMaking = $derived(this.job !== null && !isEnded(this.job.state));
  /** The gate's sentence, or how far the sheet is. */
  readonly words = $derived.by(() => {
    if (this.isMaking && this.job) {
      const { tried, planned } = this.job;
      return planned > 0
        ? message("sheet.making", { tried, planned })
        : message("sheet.making.waiting");
    }
    return sheetSentence(this.sheet);
  });

  async load(): Promise<void> {
    try {
      this.sheet = await this.#audit.api.sheets.get({ auditId: this.#audit.id, run: this.#runId });
      this.error = null;
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }

  /** Made, or made anew where there is one. */
  async make(): Promise<void> {
    this.isAsked = true;
    try {
      await this.#audit.api.sheets.make({
        auditId: this.#audit.id,
        run: this.#runId,
        again: this.sheet !== null,
      });
      this.error = null;
    } catch (cause) {
      this.error = toErrorJson(cause);
    } finally {
      this.isAsked = false;
    }
  }
}
