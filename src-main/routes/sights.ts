import type { ItemNo, QueueId, ReaderId } from "../../shared/domain/ids.ts";
import { planInForce } from "../../shared/domain/plan.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import type { AuditStore } from "../store/audit-store.ts";
import { Sight } from "../store/sight.ts";
import { isHiddenFrom } from "./blind-rules.ts";
import type { Caller } from "./sessions.ts";

/** What each caller may see of each audit: the store itself, or through a `Sight` while they read blind. */
export class Sights {
  readonly #made = new Map<AuditStore, Map<ReaderId | "", Sight>>();

  /**
   * What answers every question of `caller` about an audit: never ask the store itself where people's words may be in the
   * answer.
   */
  of(store: AuditStore, caller: Caller): AuditReader {
    return this.blind(store, caller) ?? store;
  }

  /** The same where something is hidden from `caller`; null where they see everything. */
  blind(store: AuditStore, caller: Caller): Sight | null {
    if (caller.kind === "host") return null;
    const plan = planInForce(store.plans());
    if (!plan || plan.reading.blind === "open") return null;
    const readerId = "readerId" in caller ? caller.readerId : null;
    const sight = this.#sight(store, readerId);
    const { stamp, revision } = store.sightRevision(readerId);
    sight.show(stamp, revision, () => hiddenItems(store, readerId));
    return sight;
  }

  /** Refuses what cannot be shown in part while something is hidden. Fails with `people/reading-blind`. */
  mustSeeAll(store: AuditStore, caller: Caller): void {
    const left = this.blind(store, caller)?.hidden.size ?? 0;
    if (left > 0) fail("people/reading-blind", { left });
  }

  close(): void {
    for (const sights of this.#made.values()) for (const sight of sights.values()) sight.close();
    this.#made.clear();
  }

  #sight(store: AuditStore, readerId: ReaderId | null): Sight {
    const own = this.#made.get(store) ?? new Map<ReaderId | "", Sight>();
    this.#made.set(store, own);
    const known = own.get(readerId ?? "");
    if (known) return known;
    const { folder, facts, isReadOnly } = store;
    const made = new Sight({ folder, facts, readerId, isReadOnly });
    own.set(readerId ?? "", made);
    return made;
  }
}

/** Items of the plan in force of which `readerId` sees nothing that others said. */
export function hiddenItems(store: AuditReader, readerId: ReaderId | null): Set<ItemNo> {
  const plan = planInForce(store.plans());
  if (!plan) return new Set();
  const { reading, sample } = plan;
  const places = (queue: QueueId | null | undefined) =>
    new Map((queue ? store.queueItems(queue) : []).map((item, at) => [item, at] as const));
  const first = places(sample.queue);
  const second = places(reading.secondReading?.queue);
  const settled = places(reading.adjudication);
  const role = readerId === null ? null : (store.roleOf(readerId) ?? "reviewer");
  const reader = readerId === null || role === null ? null : { id: readerId, role };
  const judged = readerId === null ? new Set<ItemNo>() : store.judgedBy(readerId);
  const hidden = new Set<ItemNo>();
  for (const item of new Set([...first.keys(), ...second.keys()])) {
    const isHidden = isHiddenFrom(reading, reader, {
      item,
      samplePosition: first.get(item) ?? null,
      secondPosition: second.get(item) ?? null,
      isSettled: settled.has(item),
      isJudged: judged.has(item),
    });
    if (isHidden) hidden.add(item);
  }
  return hidden;
}
