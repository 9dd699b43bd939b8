import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { AuditId, ItemNo, QueueId, ReaderId } from "../../shared/domain/ids.ts";
import type { NewItem } from "../../shared/domain/item.ts";
import type { PlanChoices } from "../../shared/domain/plan.ts";
import type { Verdict } from "../../shared/domain/review.ts";
import { planOf } from "../../src-main/jobs/draw-plan.ts";
import type { AuditStore } from "../../src-main/store/audit-store.ts";
import { createAudit } from "../../src-main/store/open-audit.ts";
import type { FrozenPlan } from "../../src-main/store/plans.ts";
import { ann, ben, command, temporaryFolder } from "./sample-audit.ts";

export const cat = "reader-cat" as ReaderId;

/** A plain random sample of `size`, read openly, with nothing read twice. */
export function planChoices(changes: Partial<PlanChoices> = {}): PlanChoices {
  return {
    wish: { kind: "size", size: 60 },
    seed: 1,
    strata: [],
    allocation: "proportional",
    run: null,
    suspects: null,
    filter: null,
    blind: "open",
    order: "shuffled",
    first: [],
    second: [],
    secondSize: 0,
    allSpurious: false,
    acceptance: null,
    ...changes,
  };
}

/** An audit of `count` items, each of a patient of its own unless `item` says otherwise, with readers Ann, Ben and Cat. */
export function plainAudit(
  count: number,
  item: (no: ItemNo) => Partial<NewItem> = () => ({}),
): { readonly store: AuditStore; readonly folder: string } {
  const folder = join(temporaryFolder(), "plan.hansight");
  const store = createAudit(folder, {
    id: "audit-plan" as AuditId,
    name: "Plan",
    classes: ["a", "b"],
    sources: { images: "/images", labels: null, classes: null, evidence: null },
  });
  for (const [id, name] of [
    [ann, "Ann"],
    [ben, "Ben"],
    [cat, "Cat"],
  ] as const)
    store.addReader({ id, name, initials: name.slice(0, 1) });
  store.addItems(
    Array.from({ length: count }, (_, no) => ({
      path: `${no}.png`,
      bytes: 1,
      modifiedMs: 0,
      label: "a",
      ...item(no),
    })),
  );
  onTestFinished(() => store.closeNow());
  return { store, folder };
}

/** Freezes a plan as the route does, by Ann. */
export function freezePlan(store: AuditStore, changes: Partial<PlanChoices> = {}): FrozenPlan {
  const no = store.plans().length + 1;
  const reason = no === 1 ? "" : "for the test";
  store.apply(
    command({ kind: "plan.freeze", ...planOf(store, planChoices(changes), { no, reason }) }),
  );
  const plan = store.plans().at(-1);
  if (!plan) throw new Error("the plan was not frozen");
  return plan;
}

export function itemsOf(store: AuditStore, queue: QueueId | undefined): readonly ItemNo[] {
  const found = store.queues().find(({ id }) => id === queue);
  if (!found) throw new Error(`there is no queue ${queue}`);
  return found.items;
}

/** A verdict given on one item or several with `queue` on screen; null: with none. */
export function judge(
  store: AuditStore,
  item: ItemNo | readonly ItemNo[],
  verdict: Verdict,
  {
    queue,
    reader = ann,
    seconds = 6,
  }: { queue: QueueId | null; reader?: ReaderId; seconds?: number },
): number {
  const { recordNo } = store.apply(
    command(
      {
        kind: "verdict.set",
        items: [item].flat(),
        run: null,
        verdict,
        reasons: [],
        view: {
          run: null,
          target: null,
          mode: "overlay",
          opacity: 0.5,
          threshold: 0,
          colours: "viridis",
          scaling: "run-p99",
          zoom: 1,
          seconds,
          queue,
        },
      },
      { readerId: reader },
    ),
  );
  return recordNo;
}
