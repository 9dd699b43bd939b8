/* eslint-disable svelte/prefer-svelte-reactivity -- maps here are replaced whole */
import type { PlanRow, QueueProgress } from "../../../shared/contract/plans.ts";
import type { ItemNo, QueueId } from "../../../shared/domain/ids.ts";
import { planInForce, roleOfQueue } from "../../../shared/domain/plan.ts";
import type { Rates } from "../../../shared/domain/rates.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";

/** What one reader is to read in a queue of a plan. */
export interface Worklist {
  readonly items: readonly ItemNo[];
  readonly read: readonly ItemNo[];
}

/** After a change the figures are asked for again at most so often, in ms. */
const restMs = 600;

/** Plans, rates and progress of an audit, brought up to date whenever something was saved. Make it in a component. */
export class SampleState {
  plans = $state.raw<readonly PlanRow[] | null>(null);
  progress = $state.raw<readonly QueueProgress[]>([]);
  /** null while they are not known, or hidden. */
  rates = $state.raw<Rates | null>(null);
  /** Why rates are hidden from who reads blind. */
  hidden = $state.raw<ErrorJson | null>(null);
  /** Own lists, by queue of the plan in force. */
  worklists = $state.raw<ReadonlyMap<QueueId, Worklist>>(new Map());
  error = $state.raw<ErrorJson | null>(null);

  readonly plan: PlanRow | null = $derived(planInForce(this.plans ?? []));

  readonly #audit: AuditState;
  #asked = 0;

  constructor(audit: AuditState) {
    this.#audit = audit;
    let timer: ReturnType<typeof setTimeout> | undefined;
    $effect(() => {
      const isFirst = audit.saved === null || this.#asked === 0; // `saved` is what it follows
      clearTimeout(timer);
      timer = setTimeout(() => void this.load(), isFirst ? 0 : restMs);
    });
    $effect(() => () => clearTimeout(timer));
  }

  /** How many of its items this reader has still to read. */
  leftIn({ queue, of, read }: QueueProgress): number {
    const own = this.worklists.get(queue);
    return own ? own.items.length - own.read.length : of - read;
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    const { api, id: auditId, reader } = this.#audit;
    try {
      const [plans, progress, rates] = await Promise.all([
        api.plans.list({ auditId }),
        api.plans.progress({ auditId }),
        api.plans.rates({ auditId }).catch((cause: unknown) => toErrorJson(cause)),
      ]);
      const plan = planInForce(plans);
      const queues = plan
        ? progress.map(({ queue }) => queue).filter((queue) => roleOfQueue(plan, queue))
        : [];
      const lists = await Promise.all(
        queues.map(
          async (queue) =>
            [queue, await api.plans.worklist({ auditId, queue, readerId: reader.id })] as const,
        ),
      );
      if (asked !== this.#asked) return;
      this.plans = plans;
      this.progress = progress;
      this.worklists = new Map(lists);
      this.rates = "code" in rates ? null : rates;
      this.hidden = "code" in rates && rates.code === "people/reading-blind" ? rates : null;
      this.error = "code" in rates && rates.code !== "people/reading-blind" ? rates : null;
    } catch (cause) {
      if (asked === this.#asked) this.error = toErrorJson(cause);
    }
  }
}
