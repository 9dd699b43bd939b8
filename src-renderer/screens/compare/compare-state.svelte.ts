/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are private or made anew, never watched entry by entry */
import { z } from "zod";
import {
  benchMapIds,
  isReference,
  type BenchItem,
  type BenchMapId,
} from "../../../shared/domain/bench.ts";
import { evaluationIds, type EvaluationId } from "../../../shared/domain/evaluation.ts";
import type { ItemNo, JobId } from "../../../shared/domain/ids.ts";
import { isEnded } from "../../../shared/domain/job.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import { rooted, workOf, type AuditWork } from "../../review/audit-work.svelte.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import { BenchForm } from "./bench-form.svelte.ts";
import { BenchWatch } from "./bench-watch.svelte.ts";
import { furtherMeasure } from "./bench-rows.ts";
import { mostMethods } from "./default-methods.ts";
import { byDisagreement } from "./item-agreement.ts";
import type { PaneLayer } from "./pane-layers.ts";
import { PaneLinks } from "./pane-links.svelte.ts";
import { SingleMaps } from "./single-maps.svelte.ts";

export const paneModes = ["overlay", "outline", "map"] as const;
export type PaneMode = (typeof paneModes)[number];

const orders = ["drawn", "disagreement"] as const;

const keptSchema = z.strictObject({
  order: z.enum(orders),
  mode: z.enum(paneModes),
  shown: z.array(z.enum(benchMapIds)).max(mostMethods).nullable(),
  measure: z.enum(evaluationIds).nullable(),
  isZoomLinked: z.boolean(),
  isPointerLinked: z.boolean(),
  isScaleLocked: z.boolean(),
  isTableFolded: z.boolean(),
});

/** What panes draw: whose bytes, of which picture, counted in what. */
export interface PaneSource {
  readonly bench: string;
  readonly item: BenchItem;
  /** 99th percentile over the sample; null while it is not known, and for pictures outside it. */
  p99Of(column: BenchMapId): number | null;
  readonly isOfSample: boolean;
}

/** The Compare screen of one audit: the bench in view, the picture in view, and how panes stand together. */
export class CompareState {
  readonly work: AuditWork;
  readonly form: BenchForm;
  readonly links = new PaneLinks();
  readonly singles: SingleMaps;
  bench = $state.raw<BenchWatch | null>(null);
  /** Why the benches of this audit could not be listed. */
  error = $state.raw<ErrorJson | null>(null);
  item = $state<ItemNo | null>(null);
  order = $state<(typeof orders)[number]>("drawn");
  mode = $state<PaneMode>("overlay");
  /** What the panes beside the first draw. */
  layer = $state<PaneLayer>("own");
  isMapShown = $state(true);
  isTableFolded = $state(false);
  /** While the key is held. */
  isBare = $state(false);
  measure = $state<EvaluationId | null>(null);
  #shown = $state.raw<readonly BenchMapId[] | null>(null);
  #isOpened = false;

  constructor(audit: AuditState) {
    this.work = workOf(audit);
    this.form = new BenchForm(audit);
    this.singles = new SingleMaps(audit, this.form);
  }

  get audit(): AuditState {
    return this.work.audit;
  }

  readonly columns: readonly BenchMapId[] = $derived.by(
    () => this.bench?.started?.columns ?? this.form.chosen,
  );
  /** Side by side, in the order of the columns; the first ones until somebody chooses. */
  readonly shown: readonly BenchMapId[] = $derived.by(() => {
    const kept = (this.#shown ?? []).filter((id) => this.columns.includes(id));
    if (kept.length > 0) return this.columns.filter((id) => kept.includes(id));
    const { columns } = this;
    const methods = columns.filter((id) => !isReference(id));
    return (methods.length > 0 ? methods : columns).slice(0, mostMethods);
  });
  readonly job = $derived.by(
    () => this.audit.jobs.find(({ id }) => id === this.bench?.jobId) ?? null,
  );
  readonly isRunning = $derived.by(
    () =>
      this.bench !== null && !this.bench.isEnded && !(this.job !== null && isEnded(this.job.state)),
  );
  /** Pictures of the bench that have maps; without one the items as the Grid has them. */
  readonly items: readonly ItemNo[] = $derived.by(() => {
    const { bench } = this;
    if (!bench) {
      const { order } = this.work.table;
      if (order.length > 0) return Array.from(order);
      return Array.from({ length: this.audit.audit?.items ?? 0 }, (_, no) => no);
    }
    const mapped = bench.items.filter(({ error }) => error === null);
    const ordered = this.order === "disagreement" ? byDisagreement(mapped) : mapped;
    return ordered.map(({ no }) => no);
  });
  readonly shownItem: ItemNo | null = $derived.by(() => this.item ?? this.items.at(0) ?? null);
  readonly at = $derived(this.shownItem === null ? -1 : this.items.indexOf(this.shownItem));
  readonly source: PaneSource | null = $derived.by(() => {
    const { bench, shownItem } = this;
    if (shownItem === null) return null;
    const item = bench?.byNo.get(shownItem);
    if (bench && item) {
      const of = new Map(bench.result?.columns.map(({ id, rawP99 }) => [id, rawP99]));
      return { bench: bench.bench, item, isOfSample: true, p99Of: (id) => of.get(id) ?? null };
    }
    const made = this.singles.get(shownItem, this.shown);
    return made && { ...made, isOfSample: false, p99Of: () => null };
  });
  readonly further = $derived.by(() => {
    const result = this.bench?.result;
    if (!result) return null;
    return this.measure ?? furtherMeasure(result);
  });

  /** Takes up what was left, and the newest bench that the host still holds. */
  async open(): Promise<void> {
    if (this.#isOpened) return;
    this.#isOpened = true;
    const kept = await this.work.places.read("compare", keptSchema);
    if (kept) {
      const { shown, isZoomLinked, isPointerLinked, isScaleLocked, ...own } = kept;
      Object.assign(this, own);
      Object.assign(this.links, { isZoomLinked, isPointerLinked, isScaleLocked });
      this.#shown = shown;
    }
    await this.adopt();
  }

  /** Watches the newest bench of this audit, if there is one. */
  async adopt(): Promise<void> {
    try {
      const [newest] = await this.audit.api.bench.list({ auditId: this.audit.id });
      if (newest && this.bench === null) this.watch(newest);
      this.error = null;
    } catch (cause) {
      this.#isOpened = false;
      this.error = toErrorJson(cause);
    }
  }

  watch(made: { readonly bench: string; readonly jobId: JobId }): void {
    this.bench?.close();
    this.bench = new BenchWatch(this.audit, made);
    void this.bench.follow();
  }

  /** Starts what the form says; true when it began. */
  async start(): Promise<boolean> {
    const made = await this.form.start();
    if (!made) return false;
    this.#shown = null;
    this.item = null;
    this.measure = null;
    this.watch(made);
    return true;
  }

  keep(): void {
    const { order, mode, measure, isTableFolded } = this;
    const { isZoomLinked, isPointerLinked, isScaleLocked } = this.links;
    const linked = { isZoomLinked, isPointerLinked, isScaleLocked };
    this.work.places.keep("compare", {
      ...{ order, mode, measure, isTableFolded, shown: this.#shown },
      ...linked,
    });
  }

  go(at: number): void {
    const to = this.items.at(Math.min(this.items.length - 1, Math.max(0, at)));
    if (to !== undefined) this.item = to;
  }

  step(by: 1 | -1): void {
    this.go(this.at + by);
  }

  isShown(column: BenchMapId): boolean {
    return this.shown.includes(column);
  }

  toggleShown(column: BenchMapId): void {
    const { shown } = this;
    if (!shown.includes(column)) {
      if (shown.length < mostMethods) this.#shown = [...shown, column];
    } else if (shown.length > 1) this.#shown = shown.filter((id) => id !== column);
  }

  close(): void {
    this.bench?.close();
  }
}

const states = new WeakMap<AuditState, CompareState>();

/** The one `CompareState` of an open audit: a bench in view stays in view when the screen is left. */
export function compareOf(audit: AuditState): CompareState {
  const known = states.get(audit);
  if (known) return known;
  const made = rooted(() => new CompareState(audit));
  states.set(audit, made);
  const end = audit.close;
  audit.close = () => {
    made.close();
    end.call(audit);
  };
  return made;
}
