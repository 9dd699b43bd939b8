import { describe, expect, it } from "vitest";
import { query, type Filter } from "./query.ts";
import { sortItems } from "./sort.ts";
import { choiceColumn, flagsColumn, rangeColumn, type Table, type TableColumn } from "./table.ts";

const nan = NaN;

function small(): Table {
  const columns: [string, TableColumn][] = [
    ["label", choiceColumn(Uint8Array.of(0, 1, 0, 1, 255, 0), 2)],
    ["score", rangeColumn(Float32Array.of(0.5, 0.1, nan, 0.5, 0.9, 0))],
    ["reason", flagsColumn([Uint8Array.of(0b000011), Uint8Array.of(0b100001)], 6)],
  ];
  return { length: 6, columns: new Map(columns) };
}

describe("sorting", () => {
  it("keeps ties in order of item number in both directions and puts n/a last", () => {
    const table = small();
    expect([...sortItems(table, { column: "score", direction: "down" })]).toEqual([
      4, 0, 3, 1, 5, 2,
    ]);
    expect([...sortItems(table, { column: "score", direction: "up" })]).toEqual([5, 1, 0, 3, 4, 2]);
    expect([...sortItems(table, { column: "label", direction: "down" })]).toEqual([
      1, 3, 0, 2, 5, 4,
    ]);
    expect([...sortItems(table, { column: "reason", direction: "down" })]).toEqual([
      0, 1, 5, 2, 3, 4,
    ]);
    expect([...sortItems(table, { column: null, direction: "down" })]).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it("orders negative numbers, −0 and infinities as numbers", () => {
    const values = Float32Array.of(-1, 0, -0, -2.5, Infinity, 3, -Infinity);
    const table: Table = { length: 7, columns: new Map([["v", rangeColumn(values)]]) };
    expect([...sortItems(table, { column: "v", direction: "up" })]).toEqual([6, 3, 0, 1, 2, 5, 4]);
  });
});

describe("filtering", () => {
  const down = { column: "score", direction: "down" } as const;
  const counts = (filters: Filter[], id: string) =>
    query(small(), filters, down).facets.find((facet) => facet.column === id);

  it("counts each facet under the filters of the others, not its own", () => {
    const filters: Filter[] = [
      { kind: "choice", column: "label", on: [0], not: [] },
      { kind: "range", column: "score", min: 0.3, max: 1, not: false },
    ];
    expect([...query(small(), filters, down).order]).toEqual([0]);
    // label under score alone: items 0, 3 and 4
    expect([...(counts(filters, "label")?.counts ?? [])]).toEqual([1, 1, 1]);
    // score under label alone: items 0 (0.5), 2 (n/a), 5 (0)
    const score = counts(filters, "score");
    expect(score?.known).toBe(2);
    expect(score?.kept).toBe(1);
    expect(score?.counts[0]).toBe(1);
    expect(score?.counts[12]).toBe(1);
  });

  it("takes several words of one column as any of them, and refuses words", () => {
    const label: Filter = { kind: "choice", column: "label", on: [0, 2], not: [] };
    expect([...query(small(), [label], { column: null, direction: "up" }).order]).toEqual([
      0, 2, 4, 5,
    ]);
    const not: Filter = { kind: "choice", column: "label", on: [], not: [0] };
    expect([...query(small(), [not], { column: null, direction: "up" }).order]).toEqual([1, 3, 4]);
  });

  it("reads an item with two reasons under both, and items without as none", () => {
    expect([...(counts([], "reason")?.counts ?? [])]).toEqual([2, 2, 3]);
    const both: Filter = { kind: "choice", column: "reason", on: [0], not: [1] };
    expect([...query(small(), [both], down).order]).toEqual([1]);
    const none: Filter = { kind: "choice", column: "reason", on: [2], not: [] };
    expect([...query(small(), [none], down).order]).toEqual([4, 3, 2]);
  });

  it("leaves n/a out of a range and of its opposite", () => {
    const not: Filter = { kind: "range", column: "score", min: 0.4, max: 0.6, not: true };
    expect([...query(small(), [not], down).order]).toEqual([4, 1, 5]);
  });

  it("keeps the items a text search found", () => {
    const text: Filter = { kind: "items", words: "x", items: Uint32Array.of(5, 2, 900) };
    expect([...query(small(), [text], down).order]).toEqual([5, 2]);
  });
});

/** Same answers, the slow way: one object per item, no masks, no radix sort. */
function slowly(table: Table, filters: readonly Filter[], column: string) {
  const passes = (item: number, filter: Filter) => {
    if (filter.kind === "items") return filter.items.includes(item);
    const found = table.columns.get(filter.column);
    if (filter.kind === "range" && found?.kind === "range") {
      const value = found.values[item];
      return (value >= filter.min && value <= filter.max) !== filter.not && !Number.isNaN(value);
    }
    if (filter.kind === "choice" && found?.kind === "choice") {
      const code = Math.min(found.codes[item], found.words);
      return (filter.on.length === 0 || filter.on.includes(code)) && !filter.not.includes(code);
    }
    throw new TypeError("not in this test");
  };
  const items = Array.from({ length: table.length }, (_, item) => item);
  const sortBy = table.columns.get(column);
  if (sortBy?.kind !== "range") throw new TypeError("not in this test");
  const key = (item: number) =>
    Number.isNaN(sortBy.values[item]) ? -Infinity : sortBy.values[item];
  const order = items
    .filter((item) => filters.every((filter) => passes(item, filter)))
    .sort((a, b) => key(b) - key(a) || a - b);
  const counts = new Map<string, number[]>();
  for (const [id, facet] of table.columns) {
    if (facet.kind !== "choice") continue;
    const others = filters.filter((filter) => filter.kind === "items" || filter.column !== id);
    const count = new Array<number>(facet.words + 1).fill(0);
    for (const item of items)
      if (others.every((filter) => passes(item, filter)))
        count[Math.min(facet.codes[item], facet.words)]++;
    counts.set(id, count);
  }
  return { order, counts };
}

describe.each([100_000, 1_000_000])("a table of %i items", (length) => {
  // A linear congruential generator: the same numbers on every machine.
  let state = 42;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const codes = (words: number) =>
    choiceColumn(
      Uint8Array.from({ length }, () => (random() < 0.02 ? 255 : Math.floor(random() * words))),
      words,
    );
  // Rounded, so that ties are common.
  const score = rangeColumn(
    Float32Array.from({ length }, () =>
      random() < 0.1 ? NaN : Math.round(random() * 1000) / 1000,
    ),
  );
  const columns: [string, TableColumn][] = [
    ...[14, 14, 5, 6, 3, 4, 2].map((words, index): [string, TableColumn] => [
      `choice${index}`,
      codes(words),
    ]),
    ["score", score],
  ];
  const table: Table = { length, columns: new Map(columns) };
  const filters: Filter[] = [
    { kind: "choice", column: "choice0", on: [1, 2, 3, 4, 14], not: [] },
    { kind: "choice", column: "choice2", on: [], not: [0] },
    { kind: "range", column: "score", min: Math.fround(0.25), max: 1, not: false },
  ];

  it("gives the order and the counts of a plain loop", () => {
    const orders = new Map<string, Uint32Array>();
    const sort = { column: "score", direction: "down" } as const;
    const sorting = performance.now();
    query(table, [], sort, orders);
    const filtering = performance.now();
    const fast = query(table, filters, sort, orders);
    const end = performance.now();
    console.info(
      `${length} items: sort and count ${(filtering - sorting).toFixed(0)} ms, filter with all counts ${(end - filtering).toFixed(0)} ms`,
    );
    const slow = slowly(table, filters, "score");
    expect(fast.order.length).toBe(slow.order.length);
    expect(fast.order.findIndex((item, at) => item !== slow.order[at])).toBe(-1);
    for (const facet of fast.facets)
      if (slow.counts.has(facet.column))
        expect([...facet.counts]).toEqual(slow.counts.get(facet.column));
  });
});
