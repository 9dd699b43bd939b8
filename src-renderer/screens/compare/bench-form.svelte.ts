/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are private or made anew, never watched entry by entry */
import type { BenchMethods } from "../../../shared/contract/bench.ts";
import type { PlaceId } from "../../../shared/domain/ids.ts";
import { groupCost, usualGroups } from "../../../shared/domain/evaluation.ts";
import { methodIds, type MethodId } from "../../../shared/domain/method-id.ts";
import type { MethodSupport, ModelDescription } from "../../../shared/domain/model.ts";
import { referenceIds } from "../../../shared/domain/bench.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import { estimateOf } from "../runs/estimate.ts";
import { cheapMethods, defaultMethods, mostMethods } from "./default-methods.ts";

/** Pictures drawn unless asked otherwise, as `hansight compare` draws them. */
const usualSample = 60;

/** The form of a new comparison: what is compared, on what, and what that costs. */
export class BenchForm {
  scope = $state<"chosen" | "all-cheap">("chosen");
  sample = $state(usualSample);
  seed = $state(1);
  withSheets = $state(true);
  /** A place with known shortcut regions, by the name that it was chosen under. */
  shortcut = $state.raw<{ readonly id: PlaceId; readonly name: string } | null>(null);
  description = $state.raw<ModelDescription | null>(null);
  /** Why the model could not be opened, or the comparison not be started. */
  error = $state.raw<ErrorJson | null>(null);
  isStarting = $state(false);
  /** As chosen, one to a slot; null before anything was. */
  #slots = $state.raw<readonly (MethodId | null)[] | null>(null);
  readonly #audit: AuditState;

  constructor(audit: AuditState) {
    this.#audit = audit;
  }

  readonly run = $derived.by(() => this.#audit.run);
  readonly model = $derived.by(() => {
    const models = this.#audit.audit?.models ?? [];
    return models.find(({ id }) => id === this.run?.modelId) ?? models.at(0) ?? null;
  });
  readonly items = $derived.by(() => this.#audit.audit?.items ?? 0);
  readonly slots = $derived.by((): readonly (MethodId | null)[] => {
    const chosen =
      this.#slots ?? (this.description ? defaultMethods(this.description, this.run) : []);
    return Array.from({ length: mostMethods }, (_, at) => chosen[at] ?? null);
  });
  /** Each once, in the order of the slots. */
  readonly chosen = $derived([...new Set(this.slots.filter((id) => id !== null))]);
  readonly cheap = $derived(this.description ? cheapMethods(this.description) : []);
  readonly compared = $derived(this.scope === "chosen" ? this.chosen : this.cheap);
  /** With why; null where the audit is older than the method, so that nobody has asked. */
  readonly unsupported = $derived(
    methodIds.flatMap((method) => {
      const support = this.support(method);
      return support?.supported ? [] : [{ method, refusal: support?.refusal ?? null }];
    }),
  );
  readonly isSampleGood = $derived(
    Number.isSafeInteger(this.sample) && this.sample >= 2 && this.items > 0,
  );
  readonly isSeedGood = $derived(Number.isSafeInteger(this.seed) && this.seed >= 0);
  /** Of the usual measures: one map each, another where the picture is masked, ROAD of every map and reference. */
  readonly estimate = $derived.by(() => {
    const tap = this.description?.taps.find((one) => one.isDefault) ?? this.description?.taps.at(0);
    if (!tap || !this.isSampleGood) return null;
    const costs = usualGroups.map(groupCost);
    const passes = costs.reduce((sum, one) => sum + one.forwards, 0);
    const maps = 1 + costs.reduce((sum, one) => sum + one.explanations, 0);
    const shared = costs.reduce((sum, one) => sum + one.sharedForwards, 0);
    const own = this.compared.map((id) => maps * this.forwards(id));
    const columns = this.compared.length + referenceIds.length;
    return estimateOf({
      items: Math.min(this.sample, this.items),
      forwards: own.reduce((sum, one) => sum + one, 0) + columns * passes + shared,
      grid: tap.grid,
      earlier: this.#audit.runs
        .filter(({ modelId }) => modelId === this.model?.id)
        .map((run) => ({ run, forwards: this.forwards(run.method) })),
    });
  });

  support(method: MethodId): MethodSupport | null {
    return this.description?.methods.find((one) => one.method === method) ?? null;
  }

  forwards(method: MethodId): number {
    return this.support(method)?.forwards ?? 1;
  }

  choose(slot: number, method: MethodId | null): void {
    this.#slots = this.slots.map((id, at) => (at === slot ? method : id));
  }

  /** What is explained: layer, class and seed of maps are those of the run in view. */
  readonly explained = $derived.by(() => ({
    tap: this.run?.tap.name ?? null,
    target: this.run?.target ?? ({ kind: "predicted" } as const),
    seed: this.isSeedGood ? this.seed : 1,
  }));

  /** Asks what the model offers. */
  async describe(): Promise<void> {
    const modelId = this.model?.id;
    if (modelId === undefined) return;
    const { api, id: auditId } = this.#audit;
    try {
      const description = await api.runs.describeModel({ auditId, modelId });
      if (this.model?.id !== modelId) return;
      this.description = description;
      this.error = null;
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }

  /** Starts it; null when it could not be, with the cause in `error`. */
  async start(): Promise<Awaited<ReturnType<AuditState["api"]["bench"]["create"]>> | null> {
    const { model } = this;
    if (model === null || this.isStarting || !this.isSampleGood || !this.isSeedGood) return null;
    this.isStarting = true;
    const methods: BenchMethods = this.scope === "chosen" ? [...this.chosen] : "all-cheap";
    try {
      const made = await this.#audit.api.bench.create({
        ...{ auditId: this.#audit.id, modelId: model.id, methods, ...this.explained },
        ...{ items: null, groups: null, sample: Math.min(this.sample, this.items) },
        shortcut: this.shortcut?.id ?? null,
        sheets: this.withSheets ? "make" : "as-they-are",
      });
      this.error = null;
      return made;
    } catch (cause) {
      this.error = toErrorJson(cause);
      return null;
    } finally {
      this.isStarting = false;
    }
  }
}
