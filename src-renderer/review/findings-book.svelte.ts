/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are replaced whole */
import type { FindingRow } from "../../shared/contract/findings.ts";
import type { FindingFields } from "../../shared/domain/finding.ts";
import type { FindingId, ItemNo, TestId } from "../../shared/domain/ids.ts";
import { reasons } from "../../shared/domain/review.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { AuditState } from "../screens/frame/audit-state.svelte.ts";
import { rooted, workOf } from "./audit-work.svelte.ts";

/** Rows asked for to fill in a new finding; more items say no more. */
const mostAsked = 500;
const restMs = 120;
const settledMs = 1000;

/** The findings of one open audit, as lists and dialogs show them; follows what is saved. */
export class FindingsBook {
  rows = $state.raw<readonly FindingRow[]>([]);
  isLoaded = $state(false);
  readonly #audit: AuditState;

  constructor(audit: AuditState) {
    this.#audit = audit;
    $effect(() => {
      void audit.saved?.recordNo;
      const timer = setTimeout(() => void this.refresh(), this.isLoaded ? restMs : 0);
      return () => clearTimeout(timer);
    });
  }

  async refresh(): Promise<void> {
    try {
      this.rows = await this.#audit.api.findings.list({ auditId: this.#audit.id });
      this.isLoaded = true;
    } catch {
      // The link was lost: the next change asks again.
    }
  }

  titleOf(id: string): string | null {
    const row = this.rows.find((one) => one.id === id);
    return row ? row.title || message("findings.untitled") : null;
  }

  /** What is known of a new finding from its items: their reasons and their classes. */
  async guess(items: readonly ItemNo[]): Promise<Partial<FindingFields>> {
    if (items.length === 0) return {};
    const { api, id: auditId, run } = this.#audit;
    const asked = items.slice(0, mostAsked);
    // A reason given a moment ago is on its way to the store.
    const rest = new Promise<void>((done) => setTimeout(done, settledMs));
    await Promise.race([workOf(this.#audit).outbox.whenEmpty(), rest]);
    const rows = await api.audits
      .rows({ auditId, run: run?.id ?? null, items: asked })
      .catch(() => []);
    const counts = Object.values(reasons)
      .map((reason) => ({ reason, n: rows.filter((row) => row.reasons.includes(reason)).length }))
      .toSorted((a, b) => b.n - a.n);
    const shortcut = counts[0].n > 0 ? counts[0].reason : null;
    const classes = [...new Set(rows.flatMap(({ label }) => label ?? []))].toSorted();
    return { shortcut, classes };
  }

  /** Makes a finding; throws what the store refused it with. */
  async make(
    title: string,
    items: readonly ItemNo[],
    guessed: Partial<FindingFields> = {},
  ): Promise<FindingId> {
    const finding = crypto.randomUUID() as FindingId; // sound: a fresh id is what the brand stands for
    await this.#audit.apply({
      kind: "finding.create",
      finding,
      fields: { ...guessed, title },
      items,
    });
    await this.refresh();
    return finding;
  }

  /** Adds a region test to the evidence of a finding. */
  async addTest(id: FindingId, test: TestId): Promise<void> {
    const { api, id: auditId } = this.#audit;
    const { finding } = await api.findings.get({ auditId, finding: id, run: null });
    if (finding.tests.includes(test)) return;
    const changes = { tests: [...finding.tests, test] };
    workOf(this.#audit).put({ kind: "finding.change", finding: id, changes }, "here");
  }

  /** Adds items to a finding; undo on the same screen takes them out without asking. */
  add(finding: FindingId, items: readonly ItemNo[]): void {
    workOf(this.#audit).put({ kind: "finding.addItems", finding, items }, "here");
  }
}

const books = new WeakMap<AuditState, FindingsBook>();

/** The one book of findings of an open audit. */
export function findingsOf(audit: AuditState): FindingsBook {
  const known = books.get(audit);
  if (known) return known;
  const made = rooted(() => new FindingsBook(audit));
  books.set(audit, made);
  return made;
}
