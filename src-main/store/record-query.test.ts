import { expect, it } from "vitest";
import type { RegionId } from "../../shared/domain/ids.ts";
import { ann, ben, command, sampleAudit } from "../../test/support/sample-audit.ts";
import type { RecordFilter } from "./record-query.ts";

const all: RecordFilter = { reader: null, action: null, item: null, from: null, to: null };
const page = { offset: 0, limit: 100 };

function worked() {
  const { store } = sampleAudit();
  const base = store.recordTip().no;
  const verdict = { kind: "verdict.set", run: null, reasons: [], view: null } as const;
  const region = "region-1" as RegionId; // made up
  const shape = { kind: "rect", x: 0, y: 0, w: 0.5, h: 0.5 } as const;
  store.apply(command({ ...verdict, items: [3], verdict: "sound" }));
  store.apply(command({ ...verdict, items: [2, 3, 13 % 12], verdict: "mixed" }, { readerId: ben }));
  store.apply(
    command({ kind: "region.add", region, item: 3, regionKind: "shortcut", shape, note: "" }),
  );
  store.apply(command({ kind: "region.change", region, regionKind: "evidence", shape, note: "" }));
  store.apply(command({ kind: "comment.set", item: 30 % 12, text: "no" }));
  const nos = (filter: Partial<RecordFilter>) =>
    store.findEntries({ ...all, ...filter }, page).entries.map(({ no }) => no - base);
  return { store, base, nos };
}

it("finds entries by person, kind and item, newest first", () => {
  const { nos, base, store } = worked();
  expect(nos({ reader: ben })).toEqual([2, -(base - 3)]); // his verdict, and that he joined
  expect(nos({ reader: ann, action: "verdict.set" })).toEqual([1]);
  // judged alone, among others, and through a region that was put on it and changed
  expect(nos({ item: 3 })).toEqual([4, 3, 2, 1]);
  expect(nos({ item: 1 })).toEqual([2]);
  expect(nos({ item: 0 })).toEqual([]);
  const unattended = store.findEntries({ ...all, reader: "audit" }, page).entries;
  expect(unattended.every(({ readerId }) => readerId === null)).toBe(true);
  expect(unattended.length).toBeGreaterThan(0);
});

it("finds entries by time, the end not included, and gives them page by page", () => {
  const { store, nos } = worked();
  const { at } = store.entry(store.recordTip().no)!; // there is one
  expect(nos({ from: at })).toContain(5);
  expect(nos({ to: at })).not.toContain(5);
  const { total, entries } = store.findEntries(all, { offset: 2, limit: 3 });
  const tip = store.recordTip().no;
  expect(total).toBe(tip);
  expect(entries.map(({ no }) => no)).toEqual([tip - 2, tip - 3, tip - 4]);
  expect(store.recordActions()[0]).toBe("reader.add"); // twice; each of the others once or twice, later by name
});
