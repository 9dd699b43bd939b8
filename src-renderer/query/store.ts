import type { CommandId, ItemNo } from "../../shared/domain/ids.ts";
import type { ColumnFacts } from "./messages.ts";
import { failMasks, query, sortedItems, type Filter, type QueryResult } from "./query.ts";
import type { SortRule } from "./sort.ts";
import { binCount, noBin, type ChoiceColumn, type TableColumn } from "./table.ts";

interface Overlay {
  readonly id: CommandId;
  readonly column: string;
  readonly items: readonly ItemNo[];
  readonly code: number;
  /** Fetches of the column begun so far when the store acknowledged it; null while it waits. */
  settledAt: number | null;
}

/**
 * The worker's state: columns as fetched, over them the words of commands on their way to the store, and what the
 * window shows. Pure but for itself, so that it runs under Node.
 */
export class ColumnStore {
  readonly items: number;
  #fetched = new Map<string, TableColumn>();
  #columns = new Map<string, TableColumn>();
  #words = new Map<string, readonly string[]>();
  #fetches = new Map<string, number>();
  #overlays: Overlay[] = [];
  #orders = new Map<string, Uint32Array>();
  #shown: { filters: readonly Filter[]; sort: SortRule; order: Uint32Array } | null = null;

  constructor(items: number) {
    this.items = items;
  }

  /** Call when a fetch of the column begins; hand the number to `put` with what came. */
  beginFetch(id: string): number {
    const n = (this.#fetches.get(id) ?? 0) + 1;
    this.#fetches.set(id, n);
    return n;
  }

  /** Takes a column's new bytes, unless a younger fetch has already brought some. */
  put(id: string, words: readonly string[], column: TableColumn, fetch: number): void {
    if ((this.#fetches.get(id) ?? 0) > fetch && this.#fetched.has(id)) return;
    this.#fetched.set(id, column);
    this.#words.set(id, words);
    this.#overlays = this.#overlays.filter(
      (overlay) =>
        overlay.column !== id || overlay.settledAt === null || overlay.settledAt >= fetch,
    );
    this.#rebuild(id);
  }

  overlay(id: CommandId, column: string, items: readonly ItemNo[], code: number): void {
    this.#overlays.push({ id, column, items, code, settledAt: null });
    this.#rebuild(column);
  }

  settle(id: CommandId): void {
    for (const overlay of this.#overlays)
      if (overlay.id === id) overlay.settledAt = this.#fetches.get(overlay.column) ?? 0;
  }

  drop(id: CommandId): void {
    const gone = this.#overlays.filter((overlay) => overlay.id === id);
    this.#overlays = this.#overlays.filter((overlay) => overlay.id !== id);
    for (const { column } of gone) this.#rebuild(column);
  }

  /** The answer to a query; without `accept` the shown order is kept and only the difference is counted. */
  query(
    filters: readonly Filter[],
    sort: SortRule,
    accept: boolean,
  ): Omit<QueryResult, "order"> & { order: Uint32Array | null; changed: number } {
    const table = { length: this.items, columns: this.#columns };
    const { order, facets } = query(table, filters, sort, this.#orders);
    if (accept || this.#shown === null) {
      this.#shown = { filters, sort, order };
      return { order, facets, changed: 0 };
    }
    return { order: null, facets, changed: differences(this.#shown.order, order, this.items) };
  }

  /** Histogram or word counts of every item, whatever the filter. */
  facts(): ColumnFacts[] {
    return [...this.#columns].map(([id, column]) => {
      const words = this.#words.get(id) ?? [];
      const all = new Uint32Array(column.kind === "range" ? binCount : column.words + 1);
      if (column.kind === "range") {
        for (const bin of column.bins) if (bin !== noBin) all[bin]++;
        const known = all.reduce((sum, n) => sum + n, 0);
        return { id, kind: column.kind, words, low: column.low, high: column.high, all, known };
      }
      if (column.kind === "choice")
        for (const code of column.codes) all[Math.min(code, column.words)]++;
      else
        for (const mask of column.masks) {
          if (mask === 0) all[column.words]++;
          for (let word = 0; word < column.words; word++) all[word] += (mask >> word) & 1;
        }
      return { id, kind: column.kind, words, low: 0, high: 0, all, known: this.items };
    });
  }

  /** Word numbers of a choice column for a list of items; `words` where there is none. */
  codes(id: string, items: ArrayLike<ItemNo>): Uint16Array {
    const column = this.#columns.get(id);
    if (column?.kind !== "choice") return new Uint16Array(items.length).fill(65535);
    return Uint16Array.from(items, (item) => {
      const code = column.codes[item];
      return code === undefined || code >= column.words ? 65535 : code;
    });
  }

  /** Which items pass, for tests and for counting a selection outside the filter. */
  passing(filters: readonly Filter[]): Uint32Array {
    const masks = failMasks({ length: this.items, columns: this.#columns }, filters);
    const sort: SortRule = { column: null, direction: "up" };
    const all = sortedItems({ length: this.items, columns: this.#columns }, sort, this.#orders);
    return all.filter((item) => masks[item] === 0);
  }

  #rebuild(id: string): void {
    const fetched = this.#fetched.get(id);
    if (!fetched) return;
    for (const key of this.#orders.keys()) if (key.endsWith(` ${id}`)) this.#orders.delete(key);
    const own = this.#overlays.filter((overlay) => overlay.column === id);
    this.#columns.set(
      id,
      own.length && fetched.kind === "choice" ? overlaid(fetched, own) : fetched,
    );
  }
}

function overlaid(column: ChoiceColumn, overlays: readonly Overlay[]): ChoiceColumn {
  const codes = column.codes.slice();
  for (const { items, code } of overlays) for (const item of items) codes[item] = code;
  return { ...column, codes };
}

/** Items that joined, left, or stand elsewhere among those that stayed. */
function differences(shown: Uint32Array, now: Uint32Array, items: number): number {
  const isNow = new Uint8Array(items);
  for (const item of now) isNow[item] = 1;
  const isShown = new Uint8Array(items);
  for (const item of shown) isShown[item] = 1;
  const stayedShown = shown.filter((item) => isNow[item] === 1);
  const stayedNow = now.filter((item) => isShown[item] === 1);
  const moved = shortestMove(stayedShown, stayedNow, items);
  return shown.length + now.length - 2 * stayedNow.length + moved;
}

/** How many items must move to bring one order into the other: all but the longest run that keeps its order. */
function shortestMove(from: Uint32Array, to: Uint32Array, items: number): number {
  const place = new Uint32Array(items);
  from.forEach((item, at) => (place[item] = at));
  const ends: number[] = []; // ends[k]: the smallest last place of a rising run of length k + 1
  for (const item of to) {
    const at = place[item];
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] < at) low = middle + 1;
      else high = middle;
    }
    ends[low] = at;
  }
  return to.length - ends.length;
}
