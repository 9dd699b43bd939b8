import { describe, expect, it } from "vitest";
import type { CommandId } from "../../shared/domain/ids.ts";
import type { Filter } from "./query.ts";
import { ColumnStore } from "./store.ts";
import { choiceColumn, rangeColumn } from "./table.ts";

const words = ["sound", "spurious"];
const id = (text: string) => text as CommandId; // sound: a test's own id
const sort = { column: "suspicion", direction: "down" } as const;
const unjudged: Filter = { kind: "choice", column: "verdict", on: [2], not: [] };

function opened(suspicion: number[]): ColumnStore {
  const store = new ColumnStore(suspicion.length);
  store.put(
    "suspicion",
    [],
    rangeColumn(Float32Array.from(suspicion)),
    store.beginFetch("suspicion"),
  );
  const none = Uint8Array.from(suspicion, () => 255);
  store.put("verdict", words, choiceColumn(none, 2), store.beginFetch("verdict"));
  return store;
}

describe("the order on screen", () => {
  it("stays when new results arrive, and says how many", () => {
    const store = opened([0.9, NaN, 0.5, 0.1]);
    expect([...(store.query([], sort, true).order ?? [])]).toEqual([0, 2, 3, 1]);
    const fetch = store.beginFetch("suspicion");
    store.put("suspicion", [], rangeColumn(Float32Array.of(0.9, 0.7, 0.5, 0.1)), fetch);
    const later = store.query([], sort, false);
    expect(later.order).toBeNull();
    expect(later.changed).toBe(1); // item 1 alone moved up
    expect([...(store.query([], sort, true).order ?? [])]).toEqual([0, 1, 2, 3]);
    expect(store.query([], sort, false).changed).toBe(0);
  });

  it("counts items that would join or leave", () => {
    const store = opened([0.9, 0.8, 0.5, 0.1]);
    store.query([unjudged], sort, true);
    store.overlay(id("a"), "verdict", [0, 2], 1);
    expect(store.query([unjudged], sort, false).changed).toBe(2);
  });
});

describe("verdicts on their way to the store", () => {
  it("are counted at once, and once only when the store's bytes have them", () => {
    const store = opened([0.9, 0.8, 0.5, 0.1]);
    store.overlay(id("a"), "verdict", [3], 1);
    const count = () => [...(store.query([], sort, true).facets[1]?.counts ?? [])];
    expect(count()).toEqual([0, 1, 3]);
    // A fetch that began before the acknowledgement does not have it: the overlay must outlive it.
    const early = store.beginFetch("verdict");
    store.settle(id("a"));
    store.put("verdict", words, choiceColumn(Uint8Array.of(255, 255, 255, 255), 2), early);
    expect(count()).toEqual([0, 1, 3]);
    const late = store.beginFetch("verdict");
    store.put("verdict", words, choiceColumn(Uint8Array.of(0, 255, 255, 1), 2), late);
    expect(count()).toEqual([1, 1, 2]);
    expect([...store.codes("verdict", [3, 0, 1])]).toEqual([1, 0, 65535]);
  });

  it("vanish when the store refuses them", () => {
    const store = opened([0.9, 0.8]);
    store.overlay(id("a"), "verdict", [1], 0);
    store.drop(id("a"));
    expect([...store.codes("verdict", [1])]).toEqual([65535]);
  });

  it("an older fetch never replaces a younger one", () => {
    const store = opened([0.9]);
    const slow = store.beginFetch("verdict");
    const fast = store.beginFetch("verdict");
    store.put("verdict", words, choiceColumn(Uint8Array.of(1), 2), fast);
    store.put("verdict", words, choiceColumn(Uint8Array.of(255), 2), slow);
    expect([...store.codes("verdict", [0])]).toEqual([1]);
  });
});
