/* eslint-disable svelte/prefer-svelte-reactivity -- the sets here are replaced whole */
import { z } from "zod";
import type { CommandBody } from "../../../shared/domain/command.ts";
import type { ItemNo, QueueId } from "../../../shared/domain/ids.ts";
import type { Reason, Verdict, ViewState } from "../../../shared/domain/review.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import type { Filter } from "../../query/query.ts";
import { rooted, workOf, type AuditWork } from "../../review/audit-work.svelte.ts";
import { findingsOf } from "../../review/findings-book.svelte.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import { cellSizes, type CellSize } from "./layout.ts";
import { Selection } from "./selection.svelte.ts";
import type { Named } from "./words.ts";

const filterSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("choice"),
    column: z.string(),
    on: z.array(z.int().min(0)),
    not: z.array(z.int().min(0)),
  }),
  z.strictObject({
    kind: z.literal("range"),
    column: z.string(),
    min: z.number(),
    max: z.number(),
    not: z.boolean(),
  }),
]);

const keptSchema = z.strictObject({
  filters: z.array(filterSchema),
  words: z.string(),
  sort: z.strictObject({ column: z.string().nullable(), direction: z.enum(["up", "down"]) }),
  focused: z.int().min(0).nullable(),
  size: z.literal(cellSizes),
  view: z.enum(["grid", "list"]),
  folded: z.array(z.string()),
  opened: z.array(z.string()),
  facetsPx: z.number(),
  detailsPx: z.number(),
  isDetailsOpen: z.boolean(),
});

/** A verdict that waits for an answer: its reasons, or a yes to its number. */
export interface Asked {
  readonly kind: "reasons" | "confirm";
  readonly verdict: Verdict | null;
  readonly items: readonly ItemNo[];
}

/** Told once a verdict has gone out. */
export type Done = (verdict: Verdict | null, items: readonly ItemNo[]) => void;

/** A bulk action over more items than this names its number and waits for a yes (RX-83). */
const confirmOver = 200;

/** The Grid of one audit: what is focused and selected, how cells look, and what is asked of the query worker. */
export class GridState {
  readonly work: AuditWork;
  /** What was kept of the last time is in place. */
  readonly restored: Promise<void>;
  readonly selection = new Selection(0);
  focused = $state<ItemNo | null>(null);
  size = $state<CellSize>(128);
  view = $state<"grid" | "list">("grid");
  words = $state("");
  /** Facets folded, and facets shown in full, by hand. */
  folded = $state.raw<ReadonlySet<string>>(new Set());
  opened = $state.raw<ReadonlySet<string>>(new Set());
  facetsPx = $state(280);
  detailsPx = $state(320);
  isDetailsOpen = $state(true);
  asked = $state.raw<Asked | null>(null);
  /** Reasons chosen so far for `asked`. */
  reasons = $state.raw<readonly Reason[]>([]);
  isRestored = $state(false);

  /** Where the focused item stands in the order; −1 when the filter hides it. */
  readonly focusedAt = $derived(
    this.focused === null ? -1 : this.table.order.indexOf(this.focused),
  );
  /** Whom an action is for: the selection, else the focused item. */
  readonly targets: readonly ItemNo[] = $derived(
    this.selection.count > 0 ? this.selection.items() : this.focused === null ? [] : [this.focused],
  );

  /** Columns that are no filter of their own. */
  readonly hidden: ReadonlySet<string> = $derived.by(
    () =>
      new Set(this.work.audit.columns.filter((one) => one.facet === "hidden").map((one) => one.id)),
  );

  /** Names of the queues and findings that columns speak of by their ids. */
  readonly names: readonly Named[] = $derived.by(() => [
    ...this.work.audit.queues,
    ...findingsOf(this.work.audit).rows.map(({ id, title }) => ({
      id,
      name: title || message("findings.untitled"),
    })),
  ]);

  #anchor: ItemNo | null = null;
  #lastAt = 0;

  constructor(audit: AuditState) {
    this.work = workOf(audit);
    this.selection.grow(audit.audit?.items ?? 0);
    this.restored = this.#restore();
  }

  get table() {
    return this.work.table;
  }

  async #restore(): Promise<void> {
    const kept = await this.work.places.read("grid", keptSchema);
    if (kept) {
      this.size = kept.size;
      this.view = kept.view;
      this.focused = kept.focused;
      this.folded = new Set(kept.folded);
      this.opened = new Set(kept.opened);
      this.facetsPx = kept.facetsPx;
      this.detailsPx = kept.detailsPx;
      this.isDetailsOpen = kept.isDetailsOpen;
      this.table.restore(kept.filters, kept.sort);
      if (kept.words) await this.find(kept.words);
    }
    this.isRestored = true;
  }

  /** Keeps the place for the next time; call from an effect. */
  keep(): void {
    const { filters, sort } = this.table;
    const kept: z.infer<typeof keptSchema> = {
      filters: filters.flatMap(keptFilter),
      words: this.words,
      sort: { ...sort },
      focused: this.focused,
      size: this.size,
      view: this.view,
      folded: [...this.folded],
      opened: [...this.opened],
      facetsPx: this.facetsPx,
      detailsPx: this.detailsPx,
      isDetailsOpen: this.isDetailsOpen,
    };
    if (this.isRestored) this.work.places.keep("grid", kept);
  }

  /** Keeps the focus on an item that is there: after a filter, the one at the same place. */
  settleFocus(): void {
    const { order } = this.table;
    this.selection.grow(this.work.audit.audit?.items ?? 0);
    if (this.focusedAt >= 0) this.#lastAt = this.focusedAt;
    else if (order.length > 0) this.focused = order[Math.min(this.#lastAt, order.length - 1)];
    else if (this.table.isLoaded) this.focused = null;
  }

  // Filters

  filterOf(column: string): Exclude<Filter, { kind: "items" }> | null {
    for (const filter of this.table.filters)
      if (filter.kind !== "items" && filter.column === column) return filter;
    return null;
  }

  setFilter(filter: Exclude<Filter, { kind: "items" }>): void {
    const isEmpty = filter.kind === "choice" && filter.on.length + filter.not.length === 0;
    const others = this.table.filters;
    const at = others.findIndex(
      (other) => other.kind !== "items" && other.column === filter.column,
    );
    if (isEmpty) this.removeFilter(filter.column);
    else if (at >= 0) this.table.setFilters(others.with(at, filter));
    else this.table.setFilters([...others, filter]);
  }

  removeFilter(column: string): void {
    this.table.setFilters(
      this.table.filters.filter((other) => other.kind === "items" || other.column !== column),
    );
  }

  removeLastFilter(): void {
    const last = this.table.filters.at(-1);
    if (last?.kind === "items") void this.find("");
    else if (last) this.removeFilter(last.column);
  }

  clearFilters(): void {
    this.words = "";
    this.table.setFilters([]);
  }

  /** off → chosen → off; with `not`: off → left out → off. */
  toggleWord(column: string, word: number, part: "on" | "not"): void {
    const now = this.filterOf(column);
    const { on, not } = now?.kind === "choice" ? now : { on: [], not: [] };
    const without = (list: readonly number[]) => list.filter((other) => other !== word);
    const toggled = (list: readonly number[]) =>
      list.includes(word) ? without(list) : [...list, word];
    this.setFilter({
      kind: "choice",
      column,
      on: part === "on" ? toggled(on) : without(on),
      not: part === "not" ? toggled(not) : without(not),
    });
  }

  /** Items whose name or comment holds the words. */
  async find(words: string): Promise<void> {
    this.words = words;
    const { audit } = this.work;
    const others = () => this.table.filters.filter((filter) => filter.kind !== "items");
    if (words.trim() === "") return this.table.setFilters(others());
    const items = await audit.api.audits.find({ auditId: audit.id, words: words.trim() });
    if (this.words !== words) return; // typed on meanwhile
    this.table.setFilters([...others(), { kind: "items", words, items: Uint32Array.from(items) }]);
  }

  // Focus and selection

  /** Focuses the item at a place of the order; `extend` selects from the anchor to it. */
  focusAt(at: number, extend: "no" | "extend"): void {
    const { order } = this.table;
    if (order.length === 0) return;
    const held = Math.min(order.length - 1, Math.max(0, at));
    const before = this.focused;
    this.focused = order[held];
    if (extend === "no") {
      this.#anchor = this.focused;
      return;
    }
    this.#anchor ??= before ?? this.focused;
    const from = order.indexOf(this.#anchor);
    const [low, high] = from < held ? [from, held] : [held, from];
    this.selection.only(order.subarray(Math.max(0, low), high + 1));
  }

  selectOnly(item: ItemNo): void {
    this.focused = item;
    this.#anchor = item;
    this.selection.only([item]);
  }

  toggleSelected(item: ItemNo): void {
    this.focused = item;
    this.#anchor = item;
    this.selection.toggle(item);
  }

  selectAll(): void {
    this.selection.only(this.table.order);
  }

  stepSize(step: 1 | -1): void {
    const at = cellSizes.indexOf(this.size) + step;
    this.size = cellSizes[Math.min(cellSizes.length - 1, Math.max(0, at))];
  }

  // Judging

  /** Asks what must be asked (a number, reasons), else gives the verdict at once. */
  judge(verdict: Verdict | null, done: Done): void {
    const items = this.targets;
    if (items.length === 0) return;
    const asksReasons = verdict === "spurious" || verdict === "mixed";
    if (asksReasons) {
      this.reasons = [];
      this.asked = { kind: "reasons", verdict, items };
      if (items.length === 1) this.give(verdict, [], items);
    } else if (items.length > confirmOver) this.asked = { kind: "confirm", verdict, items };
    else {
      this.give(verdict, [], items);
      done(verdict, items);
    }
  }

  give(verdict: Verdict | null, reasons: readonly Reason[], items: readonly ItemNo[]): void {
    const body: CommandBody =
      verdict === null
        ? { kind: "verdict.clear", items }
        : {
            kind: "verdict.set",
            items,
            run: this.work.audit.run?.id ?? null,
            verdict,
            reasons,
            view: this.#seenNow(),
          };
    this.work.put(body, "here");
  }

  toggleReason(reason: Reason): void {
    this.reasons = this.reasons.includes(reason)
      ? this.reasons.filter((other) => other !== reason)
      : [...this.reasons, reason];
    const { asked } = this;
    if (asked?.items.length === 1)
      this.work.put({ kind: "reason.set", item: asked.items[0], reasons: this.reasons }, "here");
  }

  /** The picker's answer: for one item all is set already, for many the verdict goes out now, as one step. */
  closeReasons(done: Done): void {
    const { asked } = this;
    this.asked = null;
    if (!asked) return;
    if (asked.items.length > confirmOver) {
      this.asked = { ...asked, kind: "confirm" };
      return;
    }
    if (asked.items.length > 1) this.give(asked.verdict, this.reasons, asked.items);
    done(asked.verdict, asked.items);
  }

  /** Yes to the number. */
  confirm(done: Done): void {
    const { asked } = this;
    this.asked = null;
    if (!asked) return;
    this.give(asked.verdict, this.reasons, asked.items);
    done(asked.verdict, asked.items);
  }

  makeQueue(name: string, items: readonly ItemNo[]): void {
    const queue = crypto.randomUUID() as QueueId; // sound: a fresh id is what the brand stands for
    const words = this.table.filters.length ? "filter" : "selection";
    this.work.put({ kind: "queue.create", queue, name, rule: { kind: "filter", words }, items });
  }

  #seenNow(): ViewState {
    const { overlay, audit } = this.work;
    return {
      run: audit.run?.id ?? null,
      target: null,
      mode: overlay.gridMode,
      opacity: overlay.opacity,
      threshold: overlay.threshold,
      colours: overlay.colours,
      scaling: overlay.scalingWord(),
      zoom: 1,
      seconds: 0,
      queue: null,
    };
  }
}

/** A filter as it is kept: a text search is kept by its words, and asked again. */
function keptFilter(filter: Filter): z.infer<typeof filterSchema>[] {
  if (filter.kind === "items") return [];
  if (filter.kind === "range") return [{ ...filter }];
  return [{ ...filter, on: [...filter.on], not: [...filter.not] }];
}

const grids = new WeakMap<AuditState, GridState>();

/** The one Grid of an open audit: it outlives its screen, so that coming back finds it as it was. */
export function gridOf(audit: AuditState): GridState {
  const known = grids.get(audit);
  if (known) return known;
  const made = rooted(() => new GridState(audit));
  grids.set(audit, made);
  return made;
}
