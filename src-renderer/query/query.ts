import { sortItems, type SortRule } from "./sort.ts";
import { binCount, noBin, type Table, type TableColumn } from "./table.ts";

/** One condition on one column; an audit's filter is a list of them, at most one per column. */
export type Filter =
  /** The item has a chosen word (any, when none is chosen) and no refused one. Index `words` is "none". */
  | {
      readonly kind: "choice";
      readonly column: string;
      readonly on: readonly number[];
      readonly not: readonly number[];
    }
  /** min ≤ value ≤ max, or outside it when `not`; n/a never passes. */
  | {
      readonly kind: "range";
      readonly column: string;
      readonly min: number;
      readonly max: number;
      readonly not: boolean;
    }
  /** These items: the answer to a text search. */
  | { readonly kind: "items"; readonly words: string; readonly items: Uint32Array };

export interface FacetCounts {
  readonly column: string;
  /** Per word (then "none"), or per histogram bin: items left under the *other* filters. */
  readonly counts: Uint32Array;
  /** Items that pass every filter, and items with a value under the other filters: "95 of 210". */
  readonly kept: number;
  readonly known: number;
}

export interface QueryResult {
  readonly order: Uint32Array;
  readonly facets: readonly FacetCounts[];
}

export type Orders = Map<string, Uint32Array>;

/**
 * Filters, counts every facet under the filters of the other facets, and sorts. Each filter owns one bit of a mask per
 * item, set where the item fails it: an item is kept when its mask is 0, and counted in a facet when no bit but that
 * facet's own is set. So every count comes from one mask, whatever the number of filters.
 */
export function query(
  table: Table,
  filters: readonly Filter[],
  sort: SortRule,
  orders: Orders = new Map(),
): QueryResult {
  const masks = failMasks(table, filters);
  const facets = [...table.columns].map(([id, column]) =>
    countFacet(id, column, masks, bitOf(filters, id)),
  );
  return { order: keep(sortedItems(table, sort, orders), masks), facets };
}

/** Which filters each item fails, one bit per filter. */
export function failMasks(table: Table, filters: readonly Filter[]): Uint32Array {
  if (filters.length > 32) throw new RangeError("at most 32 filters");
  const masks = new Uint32Array(table.length);
  filters.forEach((filter, index) => markFailing(table, filter, (1 << index) >>> 0, masks));
  return masks;
}

/** The order of all items, kept in `orders` until its column changes. */
export function sortedItems(table: Table, sort: SortRule, orders: Orders): Uint32Array {
  const key = `${sort.direction} ${sort.column ?? ""}`;
  const known = orders.get(key);
  if (known && known.length === table.length) return known;
  const order = sortItems(table, sort);
  orders.set(key, order);
  return order;
}

function bitOf(filters: readonly Filter[], column: string): number {
  const index = filters.findIndex((filter) => filter.kind !== "items" && filter.column === column);
  return index < 0 ? 0 : (1 << index) >>> 0;
}

function keep(order: Uint32Array, masks: Uint32Array): Uint32Array {
  const kept = new Uint32Array(order.length);
  let n = 0;
  for (let at = 0; at < order.length; at++) {
    const item = order[at];
    if (masks[item] === 0) kept[n++] = item;
  }
  return kept.slice(0, n);
}

function markFailing(table: Table, filter: Filter, bit: number, masks: Uint32Array): void {
  if (filter.kind === "items") {
    const isIn = new Uint8Array(table.length);
    for (const item of filter.items) if (item < table.length) isIn[item] = 1;
    for (let item = 0; item < masks.length; item++) if (!isIn[item]) masks[item] |= bit;
    return;
  }
  const column = table.columns.get(filter.column);
  if (!column) return;
  if (filter.kind === "range" && column.kind === "range") {
    const { values } = column;
    const { min, max, not } = filter;
    for (let item = 0; item < masks.length; item++) {
      const value = values[item];
      const isInside = value >= min && value <= max;
      const passes = not ? !isInside && !Number.isNaN(value) : isInside;
      if (!passes) masks[item] |= bit;
    }
  } else if (filter.kind === "choice" && column.kind === "choice") {
    const fails = failingWords(column.words, filter);
    const { codes, words } = column;
    for (let item = 0; item < masks.length; item++) {
      const code = codes[item];
      if (fails[code > words ? words : code]) masks[item] |= bit;
    }
  } else if (filter.kind === "choice" && column.kind === "flags") {
    const on = maskOf(filter.on, column.words);
    const not = maskOf(filter.not, column.words);
    const noneOn = filter.on.includes(column.words);
    const noneNot = filter.not.includes(column.words);
    const isOpen = filter.on.length === 0;
    for (let item = 0; item < masks.length; item++) {
      const mask = column.masks[item];
      const chosen = isOpen || (mask & on) !== 0 || (noneOn && mask === 0);
      const refused = (mask & not) !== 0 || (noneNot && mask === 0);
      if (!chosen || refused) masks[item] |= bit;
    }
  }
}

function failingWords(
  words: number,
  { on, not }: { on: readonly number[]; not: readonly number[] },
): Uint8Array {
  const fails = new Uint8Array(words + 1);
  for (let word = 0; word <= words; word++)
    fails[word] = (on.length && !on.includes(word)) || not.includes(word) ? 1 : 0;
  return fails;
}

function maskOf(words: readonly number[], limit: number): number {
  return words.filter((word) => word < limit).reduce((mask, word) => mask | (1 << word), 0);
}

function countFacet(id: string, column: TableColumn, masks: Uint32Array, own: number): FacetCounts {
  const others = ~own >>> 0;
  const length = column.kind === "range" ? binCount : column.words + 1;
  const counts = new Uint32Array(length);
  let kept = 0;
  let known = 0;
  for (let item = 0; item < masks.length; item++) {
    const mask = masks[item];
    if ((mask & others) !== 0) continue;
    if (column.kind === "flags") {
      const flags = column.masks[item];
      if (flags === 0) counts[column.words]++;
      for (let rest = flags; rest; rest &= rest - 1) counts[31 - Math.clz32(rest & -rest)]++;
    } else if (column.kind === "choice") {
      const code = column.codes[item];
      const at = code > column.words ? column.words : code;
      counts[at]++;
    } else {
      const bin = column.bins[item];
      if (bin === noBin) continue;
      counts[bin]++;
    }
    known++;
    if (mask === 0) kept++;
  }
  return { column: id, counts, kept, known };
}
