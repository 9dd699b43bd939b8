import { expect, it } from "vitest";
import type { QueueId } from "../../shared/domain/ids.ts";
import {
  ben,
  command,
  sampleAudit,
  sampleItem,
  sampleOutcome,
} from "../../test/support/sample-audit.ts";
import type { AuditStore } from "./audit-store.ts";
import type { RunId } from "../../shared/domain/ids.ts";

function read(store: AuditStore, run: RunId | null, id: string) {
  const column = store.column(run, id);
  if (!column) throw new Error(`no column ${id}`);
  const { kind, bytes, dictionary, length } = column;
  switch (kind) {
    case "float32":
      return [...new Float32Array(bytes.buffer, bytes.byteOffset, length)];
    case "codes8":
      return Array.from(bytes, (code) => dictionary[code] ?? null);
    case "codes16":
      return Array.from(
        new Uint16Array(bytes.buffer, bytes.byteOffset, length),
        (code) => dictionary[code] ?? null,
      );
    case "bitset":
      return Array.from({ length }, (_, item) => ((bytes[item >> 3] >> (item & 7)) & 1) === 1);
  }
}

const items = (store: AuditStore, run: RunId | null, id: string) =>
  read(store, run, id).flatMap((isSet, item) => (isSet ? [item] : []));

it("every listed column can be read, is as long as the audit, and has the revision it is listed with", () => {
  const { store, run } = sampleAudit({ items: 11 });
  store.commitBatch(run, [sampleOutcome(0), sampleOutcome(3)]);
  const columns = store.columns();
  expect(new Set(columns.map(({ run: of, id }) => `${of} ${id}`)).size).toBe(columns.length);
  for (const { id, run: of, revision, kind, dictionary } of columns) {
    const data = store.column(of, id);
    expect(data, id).toMatchObject({ revision, kind, dictionary, length: 11 });
    expect(read(store, of, id), id).toHaveLength(kind === "bitset" ? 11 : 11);
  }
  expect(store.column(run, "nothing")).toBeNull();
});

it("shows what was given", () => {
  const { store } = sampleAudit({ items: 4 });
  store.addItems([{ ...sampleItem(4), path: "a/10.png", label: null, split: null, facets: {} }]);
  store.setItemError(1, { code: "internal/unexpected", details: { message: "broken" } });
  store.setMissing([2]);
  expect(read(store, null, "label")).toEqual(["clear", "nodule", "clear", "nodule", null]);
  expect(read(store, null, "split")).toEqual(["test", "train", "train", "train", null]);
  expect(read(store, null, "facet:site")).toEqual(["site 0", "site 1", "site 2", "site 3", null]);
  expect(read(store, null, "bytes")).toEqual([1000, 1001, 1002, 1003, 1004]);
  expect(read(store, null, "width")).toEqual([NaN, NaN, NaN, NaN, NaN]);
  expect(items(store, null, "evidence")).toEqual([0, 3]);
  expect(items(store, null, "unreadable")).toEqual([1]);
  expect(items(store, null, "missing")).toEqual([2]);
  // a/10, clear/0, clear/2, nodule/1, nodule/3
  expect(read(store, null, "name")).toEqual([1, 3, 2, 4, 0]);
});

it("counts the digits in names as numbers", () => {
  const { store } = sampleAudit({ items: 0 });
  const names = ["scan 10.png", "Scan 9.png", "scan 9b.png", "scan 100.png"];
  store.addItems(names.map((path) => ({ ...sampleItem(0), path })));
  expect(read(store, null, "name")).toEqual([2, 0, 1, 3]);
});

it("leaves out what has too many values to choose from", () => {
  const { store } = sampleAudit({ items: 0 });
  store.addItems(
    Array.from({ length: 450 }, (_, no) => ({
      ...sampleItem(no),
      facets: { serial: `${no}`, half: `${no % 200}` },
    })),
  );
  const ids = store.columns().map(({ id }) => id);
  expect(ids).toContain("facet:half");
  expect(ids).not.toContain("facet:serial");
  expect(ids).not.toContain("group"); // 225 patients
});

it("writes codes in two bytes where the classes need it", () => {
  const { store } = sampleAudit({ items: 0 });
  store.addItems(
    Array.from({ length: 300 }, (_, no) => ({ ...sampleItem(no), label: `class ${no}` })),
  );
  expect(store.column(null, "label")).toMatchObject({ kind: "codes16", length: 300 });
  expect(read(store, null, "label")[299]).toBe("class 299");
});

it("shows what a run found", () => {
  const { store, run } = sampleAudit({ items: 5 });
  const failure = { code: "internal/unexpected", details: { message: "x" } } as const;
  store.commitBatch(run, [
    sampleOutcome(0, { metrics: { entropy: 0.5 } }),
    sampleOutcome(1, { metrics: { entropy: "no-map" } }),
    sampleOutcome(3, { error: failure }),
    sampleOutcome(4),
  ]);
  store.finishRun(run);
  expect(read(store, run, "predicted")).toEqual(["nodule", "nodule", null, null, "nodule"]);
  expect(read(store, run, "correct")).toEqual(["wrong", "right", null, null, "wrong"]);
  expect(read(store, run, "entropy")).toEqual([0.5, NaN, NaN, NaN, Math.fround(0.4)]);
  expect(read(store, run, "confidence").map((value) => Number.isNaN(value))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
  expect(items(store, run, "failed")).toEqual([3]);
  expect(items(store, run, "weak")).toEqual([0]); // raw maxima 0.11, 1.11, 4.11: the limit is 0.21
});

it("shows what people said, of two readers the newest verdict", () => {
  const { store, run } = sampleAudit({ items: 4 });
  store.commitBatch(
    run,
    [0, 1, 2, 3].map((no) => sampleOutcome(no)),
  );
  store.setAssessments(
    run,
    [0, 1, 2, 3].map((item) => ({
      item,
      measures: {},
      evidenceLevel: "E1",
      why: "",
      predictedFocus: "elsewhere",
    })),
  );
  expect(read(store, run, "quadrant")).toEqual([
    "wrong-off",
    "right-off",
    "right-off",
    "wrong-off",
  ]);
  const set = { kind: "verdict.set", run, view: null } as const;
  store.apply(command({ ...set, items: [1, 2], verdict: "spurious", reasons: ["marker", "pen"] }));
  store.apply(command({ ...set, items: [2], verdict: "sound", reasons: [] }, { readerId: ben }));
  store.apply(command({ kind: "comment.set", item: 0, text: "look" }));
  store.apply(command({ kind: "fault.set", item: 3, fault: "identity" }));
  store.apply(command({ kind: "discuss.set", item: 3, discuss: true }));
  expect(read(store, null, "verdict")).toEqual([null, "spurious", "sound", null]);
  expect(items(store, null, "reason:marker")).toEqual([1]);
  expect(items(store, null, "reason:device")).toEqual([]);
  expect(read(store, null, "fault")).toEqual([null, null, null, "identity"]);
  expect(items(store, null, "comment")).toEqual([0]);
  expect(items(store, null, "discuss")).toEqual([3]);
  expect(read(store, run, "quadrant")).toEqual(["wrong-off", "right-off", "right-on", "wrong-off"]);
  expect(read(store, run, "quadrant")).toEqual(
    store.rows(run, [0, 1, 2, 3]).map(({ quadrant }) => quadrant),
  );

  store.createQueue({
    id: "q" as QueueId,
    name: "Q",
    rule: { kind: "filter", words: "" },
    items: [3, 1],
  });
  expect(items(store, null, "queue:q")).toEqual([1, 3]);
});

it("changes a revision with the content, and only then", () => {
  const { store, run } = sampleAudit({ items: 4 });
  const revisions = () =>
    Object.fromEntries(
      store.columns().map((column) => [`${column.run ?? "-"}/${column.id}`, column.revision]),
    );
  const changedBy = (work: () => void) => {
    const before = revisions();
    work();
    const after = revisions();
    for (const [id, revision] of Object.entries(before))
      expect(after[id], id).toBeGreaterThanOrEqual(revision);
    return Object.keys(after).filter((id) => after[id] !== before[id]);
  };
  const batch = changedBy(() => store.commitBatch(run, [sampleOutcome(0)]));
  expect(batch).toEqual(expect.arrayContaining(["run-1/entropy", "run-1/predicted", "-/width"]));
  expect(batch).not.toContain("-/label");
  expect(batch).not.toContain("-/verdict");
  expect(changedBy(() => store.commitBatch(run, [sampleOutcome(0)]))).toEqual([]);
  expect(
    changedBy(() => store.apply(command({ kind: "comment.set", item: 0, text: "a" }))),
  ).toEqual(["-/comment"]);
  expect(
    changedBy(() => store.apply(command({ kind: "certainty.set", item: 0, certainty: 2 }))),
  ).toEqual([]);
  const verdict = changedBy(() =>
    store.apply(
      command({ kind: "verdict.set", items: [0], run, verdict: "sound", reasons: [], view: null }),
    ),
  );
  expect(verdict).toEqual(
    expect.arrayContaining(["-/verdict", "-/reason:marker", "run-1/quadrant"]),
  );
  expect(verdict).not.toContain("run-1/entropy");
});

it("a column patched batch by batch is the column read anew", () => {
  const { store, run } = sampleAudit({ items: 60 });
  const ids = store.columns().flatMap((column) => (column.run === run ? [column.id] : []));
  const failure = { code: "internal/unexpected", details: { message: "x" } } as const;
  for (let from = 0; from < 60; from += 6) {
    const batch = Array.from({ length: 6 }, (_, k) =>
      sampleOutcome(from + k, k === 2 ? { error: failure } : {}),
    );
    store.commitBatch(run, batch);
    for (const id of ids) store.column(run, id);
  }
  const failed = store.retryFailed(run); // not a batch: everything is read anew
  expect(failed).toHaveLength(10);
  expect(items(store, run, "failed")).toEqual([]);
  store.commitBatch(
    run,
    failed.map((no) => sampleOutcome(no)),
  );
  const patched = ids.map((id) => read(store, run, id));
  const held = store.column(run, "entropy")?.bytes;
  store.setScores(
    run,
    "s4",
    Float32Array.from({ length: 60 }, () => NaN),
  ); // changes the revision, not the content
  expect(store.column(run, "entropy")?.bytes).not.toBe(held);
  expect(ids.map((id) => read(store, run, id))).toEqual(patched);
});
