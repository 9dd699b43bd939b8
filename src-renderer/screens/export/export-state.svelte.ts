import type { FormatLosses } from "../../../shared/contract/exports.ts";
import type { Place } from "../../../shared/contract/places.ts";
import type { ExportFormat } from "../../../shared/domain/export-format.ts";
import type { ItemNo, QueueId } from "../../../shared/domain/ids.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import { gridOf } from "../grid/grid-state.svelte.ts";

export type ItemChoice = "all" | "selection" | "shown" | "queue";
/** What is said of pictures that may show identity; "refuse": nothing leaves while there are such. */
export const identityAnswers = ["refuse", "mask", "confirm", "leave-out"] as const;
export type IdentityAnswer = (typeof identityAnswers)[number];

/** One export being chosen: what of which items, in which formats, and where to. */
export class ExportState {
  readonly audit: AuditState;

  formats = $state.raw<readonly ExportFormat[]>(["csv"]);
  choice = $state<ItemChoice>("all");
  queue = $state<QueueId | "">("");
  keepNames = $state(false);
  identity = $state<IdentityAnswer>("refuse");
  withSources = $state(false);
  folder = $state.raw<{ readonly place: Place; readonly name: string } | null>(null);
  /** null while it is not known. */
  losses = $state.raw<readonly FormatLosses[] | null>(null);
  error = $state.raw<ErrorJson | null>(null);
  isStarting = $state(false);
  #asked = 0;

  /** null: every item. */
  readonly items: readonly ItemNo[] | null = $derived.by(() => this.#chosen());
  readonly count = $derived.by(() => this.items?.length ?? this.audit.audit?.items ?? 0);

  constructor(audit: AuditState) {
    this.audit = audit;
    const { selection } = gridOf(audit);
    if (selection.count > 0) this.choice = "selection";
    this.queue = audit.queues[0]?.id ?? "";
  }

  toggle(format: ExportFormat): void {
    this.formats = this.formats.includes(format)
      ? this.formats.filter((one) => one !== format)
      : [...this.formats, format];
  }

  /** Asks what each format would lose of the chosen items; a later question wins. */
  async readLosses(): Promise<void> {
    const asked = ++this.#asked;
    const { items, keepNames } = this;
    this.losses = null;
    try {
      const wish = { auditId: this.audit.id, items: items && [...items], keepNames };
      const losses = await this.audit.api.exports.formats(wish);
      if (asked === this.#asked) [this.losses, this.error] = [losses, null];
    } catch (cause) {
      if (asked === this.#asked) this.error = toErrorJson(cause);
    }
  }

  /** Whether the job has begun. */
  async start(): Promise<boolean> {
    const { folder, items, keepNames, formats, identity, withSources } = this;
    if (!folder || this.isStarting) return false;
    this.isStarting = true;
    try {
      await this.audit.api.exports.start({
        auditId: this.audit.id,
        items: items && [...items],
        keepNames,
        formats: [...formats],
        out: folder.place.id,
        existing: "refuse",
        ...(identity === "refuse" ? {} : { identity }),
        ...(withSources && formats.includes("dicom") ? { deidentifiedSources: true } : {}),
      });
      return true;
    } catch (cause) {
      this.error = toErrorJson(cause);
      return false;
    } finally {
      this.isStarting = false;
    }
  }

  #chosen(): readonly ItemNo[] | null {
    const { selection, table } = gridOf(this.audit);
    switch (this.choice) {
      case "all":
        return null;
      case "selection":
        return selection.items();
      case "shown":
        return [...table.order];
      case "queue":
        return this.audit.queues.find(({ id }) => id === this.queue)?.items ?? [];
    }
  }
}
