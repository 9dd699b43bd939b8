import { z } from "zod";
import type { FindingDetail } from "../../../shared/contract/findings.ts";
import type { CommandBody } from "../../../shared/domain/command.ts";
import type { Finding, FindingFields, FindingState } from "../../../shared/domain/finding.ts";
import type { FindingId, ItemNo } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import { workOf } from "../../review/audit-work.svelte.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";

export const textFields = ["title", "statement", "subgroup", "harm", "advice"] as const;
export type TextField = (typeof textFields)[number];

const quietMs = 500;
const restMs = 120;
const texts = z.string();
/** Of the new comment's draft. */
type Draft = TextField | "comment";

/** One finding in view: what the store holds, its numbers, and what is being typed. */
export class FindingInView {
  readonly id: FindingId;
  detail = $state.raw<FindingDetail | null>(null);
  /** Why it cannot be shown, or why something was not done. */
  failure = $state.raw<ErrorJson | null>(null);
  refusal = $state.raw<ErrorJson | null>(null);
  #typed = $state.raw<Partial<Record<Draft, string>>>({});
  #timers: Partial<Record<TextField, ReturnType<typeof setTimeout>>> = {};
  #sent: Partial<Record<TextField, string>> = {};
  #chosen = $state.raw<Partial<FindingFields>>({});
  #underway = 0;
  #asked = 0;
  readonly #audit: AuditState;

  constructor(audit: AuditState, id: FindingId) {
    this.#audit = audit;
    this.id = id;
  }

  /** As the store has it, with choices over it that are on their way there. */
  readonly finding: Finding | null = $derived.by(() =>
    this.detail ? { ...this.detail.finding, ...this.#chosen } : null,
  );
  readonly numbers = $derived.by(() => this.detail?.numbers ?? null);

  /** Reads it again whenever something was saved; call from an effect. */
  follow(): () => void {
    void this.#audit.saved?.recordNo;
    const timer = setTimeout(() => void this.refresh(), this.detail ? restMs : 0);
    return () => clearTimeout(timer);
  }

  async refresh(): Promise<void> {
    const asked = ++this.#asked;
    const { api, id: auditId, run } = this.#audit;
    try {
      const detail = await api.findings.get({ auditId, finding: this.id, run: run?.id ?? null });
      if (asked !== this.#asked) return;
      this.detail = detail;
      this.failure = null;
    } catch (cause) {
      if (asked === this.#asked) this.failure = toErrorJson(cause);
    }
  }

  // Words: a draft at once, the command when typing rests or the box is left (RX-123)

  text(field: TextField): string {
    return this.#typed[field] ?? this.finding?.[field] ?? "";
  }

  get comment(): string {
    return this.#typed.comment ?? "";
  }

  /** Takes up drafts that an earlier window left unsaved. */
  async open(): Promise<void> {
    const { drafts } = workOf(this.#audit);
    for (const field of [...textFields, "comment"] as const) {
      const draft = await drafts.read(this.#key(field), texts);
      if (draft === null || this.#typed[field] !== undefined) continue;
      if (field === "comment") this.writeComment(draft);
      else this.write(field, draft);
    }
  }

  /** What was typed goes out before the finding leaves the screen. */
  close(): void {
    for (const field of textFields) void this.flush(field);
    void workOf(this.#audit).drafts.flush();
  }

  write(field: TextField, text: string): void {
    this.#keep(field, text);
    clearTimeout(this.#timers[field]);
    this.#timers[field] = setTimeout(() => void this.flush(field), quietMs);
  }

  writeComment(text: string): void {
    this.#keep("comment", text);
  }

  async flush(field: TextField): Promise<void> {
    clearTimeout(this.#timers[field]);
    const text = this.#typed[field];
    if (text === undefined || text === (this.#sent[field] ?? this.finding?.[field])) return;
    if (field === "title" && text.trim() === "") return; // nameless, it could not be told from others
    this.#sent[field] = text;
    const isDone = await this.#apply({
      kind: "finding.change",
      finding: this.id,
      changes: { [field]: text },
    });
    if (isDone && this.#typed[field] === text)
      await workOf(this.#audit).drafts.drop(this.#key(field));
  }

  /** An undo elsewhere gave a field another value: what was typed here is no longer what is shown. */
  forget(): void {
    this.#typed = {};
    this.#sent = {};
  }

  async sendComment(): Promise<void> {
    const text = this.comment.trim();
    if (text === "") return;
    if (!(await this.#apply({ kind: "finding.comment", finding: this.id, text }))) return;
    const { comment: _sent, ...rest } = this.#typed;
    this.#typed = rest;
    await workOf(this.#audit).drafts.drop(this.#key("comment"));
  }

  // Choices

  /** Shown at once: the next choice builds on this one. */
  change(changes: Partial<FindingFields>): Promise<boolean> {
    this.#chosen = { ...this.#chosen, ...changes };
    return this.#apply({ kind: "finding.change", finding: this.id, changes });
  }

  setState(state: FindingState): Promise<boolean> {
    return this.#apply({ kind: "finding.state", finding: this.id, state });
  }

  remove(items: readonly ItemNo[]): Promise<boolean> {
    return this.#apply({ kind: "finding.removeItems", finding: this.id, items });
  }

  async #apply(body: CommandBody): Promise<boolean> {
    this.refusal = null;
    this.#underway += 1;
    let isDone = false;
    try {
      const { recordNo } = await this.#audit.apply(body);
      workOf(this.#audit).seenHere.add(recordNo);
      isDone = true;
    } catch (cause) {
      this.refusal = toErrorJson(cause);
    }
    await this.refresh();
    this.#underway -= 1;
    if (this.#underway === 0) this.#chosen = {};
    return isDone;
  }

  #keep(field: Draft, text: string): void {
    this.#typed = { ...this.#typed, [field]: text };
    workOf(this.#audit).drafts.keep(this.#key(field), text);
  }

  #key(field: Draft): string {
    return `finding.${this.id}.${field}`;
  }
}
