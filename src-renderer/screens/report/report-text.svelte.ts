import { z } from "zod";
import { reportFields, type ReportField } from "../../../shared/domain/command.ts";
import { workOf } from "../../review/audit-work.svelte.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";

const QUIET_MS = 500;
const texts = z.string();

/** Text boxes that save themselves: a draft at once, the command when typing rests or the box is left (RX-123). */
export class ReportTextState {
  #typed = $state.raw<Partial<Record<ReportField, string>>>({});
  #timers: Partial<Record<ReportField, ReturnType<typeof setTimeout>>> = {};
  /** What was last given to the store, by this window. */
  #sent: Partial<Record<ReportField, string>> = {};
  readonly #audit: AuditState;

  constructor(audit: AuditState) {
    this.#audit = audit;
  }

  of(field: ReportField): string {
    return this.#typed[field] ?? this.#stored(field);
  }

  /** Takes up drafts that an earlier window left unsaved. */
  async open(): Promise<void> {
    for (const field of reportFields) {
      const draft = await workOf(this.#audit).drafts.read(key(field), texts);
      if (draft === null || this.#typed[field] !== undefined) continue;
      this.set(field, draft);
    }
  }

  close(): void {
    for (const field of reportFields) void this.flush(field);
  }

  set(field: ReportField, text: string): void {
    this.#typed = { ...this.#typed, [field]: text };
    workOf(this.#audit).drafts.keep(key(field), text);
    clearTimeout(this.#timers[field]);
    this.#timers[field] = setTimeout(() => void this.flush(field), QUIET_MS);
  }

  async flush(field: ReportField): Promise<void> {
    clearTimeout(this.#timers[field]);
    const text = this.#typed[field];
    if (text === undefined || text === (this.#sent[field] ?? this.#stored(field))) return;
    this.#sent[field] = text;
    try {
      await this.#audit.apply({ kind: "report.text", field, text });
      this.#audit.textSaved(field, text);
      if (this.#typed[field] === text) await workOf(this.#audit).drafts.drop(key(field));
    } catch {
      // The outbox lists what was refused; the draft stays.
    }
  }

  #stored(field: ReportField): string {
    return this.#audit.audit?.texts[field] ?? "";
  }
}

const key = (field: ReportField) => `report.${field}`;
