import { SvelteMap } from "svelte/reactivity";
import type { PlanRow } from "../../../shared/contract/plans.ts";
import type { Queue } from "../../../shared/contract/audits.ts";
import type { ItemNo } from "../../../shared/domain/ids.ts";
import { blindStages, type BlindStage } from "../../../shared/domain/review.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";

/**
 * Focus-blind reading (RX-95): of an item that is not read yet first the picture alone, then its map, then the answer and the
 * metrics. How far one has looked belongs to the item and to this sitting.
 */
export class BlindStages {
  readonly #audit: AuditState;
  #plans = $state.raw<readonly PlanRow[]>([]);
  readonly #reached = new SvelteMap<ItemNo, BlindStage>();

  constructor(audit: AuditState) {
    this.#audit = audit;
  }

  /** Learns how the audit's plans are read; queues outside any plan are read open. */
  async learn(): Promise<void> {
    try {
      this.#plans = await this.#audit.api.plans.list({ auditId: this.#audit.id });
    } catch {
      // Without the link the last known plans hold; the outbox says that it is lost.
    }
  }

  isBlind(queue: Queue | null): boolean {
    if (queue?.plan === undefined) return false;
    return this.#plans.find(({ no }) => no === queue.plan)?.reading.blind === "focus-blind";
  }

  /** Where one is with an item of a queue; null where nothing is hidden. `isRead`: it has its verdict in this queue. */
  of(queue: Queue | null, item: ItemNo | null, isRead: boolean): BlindStage | null {
    if (item === null || !this.isBlind(queue)) return null;
    return this.#reached.get(item) ?? (isRead ? "answer" : "image");
  }

  /** Enter: one stage further; false at the last. */
  goOn(item: ItemNo, stage: BlindStage): boolean {
    const next = blindStages[blindStages.indexOf(stage) + 1];
    if (!next) return false;
    this.#reached.set(item, next);
    return true;
  }
}
