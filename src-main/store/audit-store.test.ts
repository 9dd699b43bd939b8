import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import type { AuditId, QueueId, RunId } from "../../shared/domain/ids.ts";
import {
  ann,
  command,
  sampleAudit,
  sampleOutcome,
  temporaryFolder,
} from "../../test/support/sample-audit.ts";
import { createAudit, openAudit } from "./open-audit.ts";
import type { StoreChange } from "./change.ts";

const plan = {
  id: "audit-2" as AuditId,
  name: "Other",
  classes: ["a"],
  sources: { images: "/images", labels: null, classes: null, evidence: null },
};
const isRoot = process.getuid?.() === 0;

it("opens again as it was closed, without leaving a lock", async () => {
  const { folder, store } = sampleAudit();
  const before = store.overview();
  await store.close();

  expect(existsSync(join(folder, "lock"))).toBe(false);
  const again = openAudit(folder);
  expect(again.overview()).toEqual(before);
  again.closeNow();
});

it("tells what an audit is: counts, classes, columns, notes", () => {
  const { store } = sampleAudit({ items: 12 });
  expect(store.overview()).toMatchObject({
    name: "Sample",
    items: 12,
    unreadable: 0,
    classes: ["clear", "nodule"],
    hasEvidence: true,
    isReadOnly: false,
    notes: ["Labels are the folder names"],
    recordNo: 6, // created, two readers, items, model, run
  });
  expect(store.itemCounts()).toMatchObject({ withEvidence: 4, labelled: 12 }); // 0, 3, 6, 9
});

it("lists a path once: what is known keeps its number, what is new goes behind", () => {
  const { store } = sampleAudit({ items: 3 });
  const item = { bytes: 1, modifiedMs: 1, label: "cyst", facets: { site: "site 9" } };
  const counts = store.addItems([
    { ...item, path: "clear/0.png" },
    { ...item, path: "cyst/1.png" },
  ]);
  expect(counts).toEqual({ added: 1, known: 1 });
  expect(store.item(0)).toMatchObject({ path: "clear/0.png", label: "clear", bytes: 1000 });
  expect(store.item(3)).toMatchObject({ path: "cyst/1.png", label: "cyst" });
  expect(store.classes()).toEqual(["clear", "nodule", "cyst"]);
  expect(store.facets(3)).toEqual({ site: "site 9" });
});

it("never takes a folder that holds something", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "theirs.txt"), "keep me");
  expect(() => createAudit(folder, plan)).toThrowError(
    expect.objectContaining({ code: "audit/exists" }),
  );
  expect(readdirSync(folder)).toEqual(["theirs.txt"]);
});

it("refuses a folder that is no audit", () => {
  const folder = temporaryFolder();
  expect(() => openAudit(folder)).toThrowError(
    expect.objectContaining({ code: "audit/not-an-audit" }),
  );
  expect(readdirSync(folder)).toEqual([]);
});

it("refuses a store of a newer version, and leaves it alone", () => {
  const { folder, store } = sampleAudit();
  store.closeNow();
  const database = new DatabaseSync(join(folder, "audit.sqlite"));
  database.exec("PRAGMA user_version = 99");
  database.close();
  expect(() => openAudit(folder)).toThrowError(
    expect.objectContaining({
      code: "audit/newer",
      details: expect.objectContaining({ found: 99 }),
    }),
  );
  expect(existsSync(join(folder, "lock"))).toBe(false);
});

it("refuses a store that fails its check, and frees its lock", () => {
  const { folder, store } = sampleAudit({ items: 500 });
  store.closeNow();
  const file = join(folder, "audit.sqlite");
  const bytes = readFileSync(file);
  bytes.fill(0xaa, 3 * 4096, 12 * 4096); // whole pages overwritten
  writeFileSync(file, bytes);
  expect(() => openAudit(folder)).toThrowError(expect.objectContaining({ code: "audit/damaged" }));
  expect(existsSync(join(folder, "lock"))).toBe(false);
});

it("gives a second opener the audit to read, and says who has it", () => {
  const { folder, store, run } = sampleAudit();
  const second = openAudit(folder);
  expect(second.isReadOnly).toBe(true);
  expect(second.holder?.where).toContain(`process ${process.pid}`);
  expect(second.itemCount()).toBe(12);
  expect(() => second.apply(command({ kind: "comment.set", item: 0, text: "mine" }))).toThrowError(
    expect.objectContaining({ code: "audit/in-use" }),
  );
  expect(() => second.commitBatch(run, [sampleOutcome(0)])).toThrowError(
    expect.objectContaining({ code: "audit/in-use" }),
  );

  store.apply(command({ kind: "comment.set", item: 0, text: "theirs" }));
  expect(second.judgements(0)).toMatchObject([{ comment: "theirs" }]);
  second.closeNow();
  // closing the second must not free the lock of the first: POSIX locks are the process's
  const third = openAudit(folder);
  expect(third.isReadOnly).toBe(true);
  third.closeNow();
});

it("gives an audit that another process holds to read only, and to write once that process is killed", async () => {
  const { folder, store } = sampleAudit();
  store.closeNow();
  const source = `import { openAudit } from ${JSON.stringify(join(import.meta.dirname, "open-audit.ts"))};
    openAudit(${JSON.stringify(folder)});
    console.log("open");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", source]);
  await once(child.stdout, "data");

  const second = openAudit(folder);
  expect(second.isReadOnly).toBe(true);
  expect(second.holder?.where).toContain(`process ${child.pid}`);
  second.closeNow();

  child.kill("SIGKILL");
  await once(child, "exit");
  expect(existsSync(join(folder, "lock"))).toBe(true); // its words are left over
  const third = openAudit(folder);
  expect(third.isReadOnly).toBe(false);
  third.closeNow();
});

it("opened to be read only, makes no file and refuses every change", () => {
  const { folder, store } = sampleAudit();
  store.closeNow();
  const before = readdirSync(folder, { recursive: true }).toSorted();
  const reader = openAudit(folder, { readOnly: true });
  expect(reader.itemCount()).toBe(12);
  expect(reader.verifyRecord()).toEqual([]);
  expect(() => reader.setSetting("a", 1)).toThrowError(
    expect.objectContaining({ code: "audit/read-only" }),
  );
  reader.closeNow();
  expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(before);
});

it.skipIf(isRoot)(
  "opens a folder without write permission to be read (needs a user other than root)",
  () => {
    const { folder, store } = sampleAudit();
    store.closeNow();
    chmodSync(folder, 0o555);
    try {
      const reader = openAudit(folder);
      expect(reader.itemCount()).toBe(12);
      expect(() => reader.setSetting("a", 1)).toThrowError(
        expect.objectContaining({ code: "storage/read-only" }),
      );
      reader.closeNow();
    } finally {
      chmodSync(folder, 0o755);
    }
  },
);

it.skipIf(isRoot)(
  "refuses to make an audit where nothing may be written (needs a user other than root)",
  () => {
    const parent = temporaryFolder();
    chmodSync(parent, 0o555);
    try {
      expect(() => createAudit(join(parent, "x.hansight"), plan)).toThrowError(
        expect.objectContaining({ code: "storage/read-only" }),
      );
    } finally {
      chmodSync(parent, 0o755);
    }
  },
);

it("removes what it began when an audit cannot be made", () => {
  const parent = temporaryFolder();
  const folder = join(parent, "x.hansight");
  const broken = { ...plan, name: undefined as unknown as string }; // SQLite refuses it halfway through
  expect(() => createAudit(folder, broken)).toThrowError();
  expect(existsSync(folder)).toBe(false);
});

it("tells its listeners of every change after it is on disk", () => {
  const { store, run } = sampleAudit();
  store.createQueue({
    id: "queue-1" as QueueId,
    name: "Suspects",
    rule: { kind: "suspects", run, size: 2 },
    items: [1, 2],
  });
  const changes: StoreChange[] = [];
  const stop = store.onChange((change) => changes.push(change));

  store.commitBatch(run, [sampleOutcome(0), sampleOutcome(1)]);
  expect(changes.map(({ kind }) => kind)).toEqual(["items", "run", "columns"]);
  expect(changes[0]).toEqual({ kind: "items", items: [0, 1] });
  expect(changes[1]).toMatchObject({ run: { id: run, done: 2 } });

  changes.length = 0;
  const { recordNo, at } = store.apply(
    command({ kind: "verdict.set", items: [1], run, verdict: "sound", reasons: [], view: null }),
  );
  expect(changes.map(({ kind }) => kind)).toEqual(["saved", "items", "columns", "queues"]);
  expect(changes[0]).toEqual({ kind: "saved", recordNo, at });
  expect(changes[2]).toMatchObject({
    changed: expect.arrayContaining([expect.objectContaining({ id: "verdict" })]),
  });
  expect(changes[3]).toMatchObject({ queues: [{ id: "queue-1", read: 1, items: [1, 2] }] });

  stop();
  changes.length = 0;
  store.apply(command({ kind: "discuss.set", item: 1, discuss: true }));
  expect(changes).toEqual([]);
});

it("gives a reader's detail of one item all its parts", () => {
  const { store, run } = sampleAudit();
  store.commitBatch(run, [
    sampleOutcome(3, { artefacts: { ink: 0.2 }, seen: { x: 10, y: 0, width: 80, height: 80 } }),
  ]);
  store.setAssessments(run, [
    {
      item: 3,
      measures: { suspicion: 0.4 },
      evidenceLevel: "E1",
      why: "because",
      predictedFocus: "elsewhere",
    },
  ]);
  store.apply(
    command({
      kind: "verdict.set",
      items: [3],
      run,
      verdict: "mixed",
      reasons: ["pen"],
      view: null,
    }),
  );
  const detail = store.detail(run, 3);
  expect(detail.row).toMatchObject({
    name: "3.png",
    label: "nodule",
    predicted: "clear",
    correct: false,
    suspicion: 0.4,
    quadrant: "unjudged", // Mixed decides nothing
    verdict: "mixed",
    reasons: ["pen"],
  });
  expect(detail.measure).toMatchObject({
    measures: { suspicion: 0.4, agreement: "not-in-sample" },
    artefacts: { ink: 0.2 },
    why: "because",
  });
  expect(detail.map).toMatchObject({ height: 3, width: 4, targetName: "clear", rawMin: 3 });
  expect(detail.map?.seen01).toEqual({ x: 0.1, y: 0, w: 0.8, h: 1 });
  expect(detail.facets).toEqual({ site: "site 3" });
  expect(detail.evidence).toMatchObject({ kind: "shapes" });
  expect(detail.history).toMatchObject([
    { action: "verdict.set", reader: "Ann", verdict: "mixed" },
  ]);
});

it("finds items by path, comment and facet, all words, any case", () => {
  const { store } = sampleAudit();
  store.apply(command({ kind: "comment.set", item: 4, text: "Drain at 100 %" }));
  expect(store.find("NODULE site")).toEqual([1, 3, 5, 7, 9, 11]);
  expect(store.find("nodule/1")).toEqual([1, 11]);
  expect(store.find("drain")).toEqual([4]);
  expect(store.find("100 %")).toEqual([4]); // % is a letter here
  expect(store.find("nodule drain")).toEqual([]);
  expect(store.find("  ")).toEqual([]);
});

it("refuses runs and items that it does not know", () => {
  const { store } = sampleAudit();
  expect(() => store.runById("none" as RunId)).toThrowError(
    expect.objectContaining({ code: "run/unknown" }),
  );
  expect(() => store.item(12)).toThrowError(
    expect.objectContaining({ code: "audit/item-unknown" }),
  );
  expect(store.rows(null, [11, 12, 0]).map(({ no }) => no)).toEqual([11, 0]);
});

it("keeps settings and the first texts of the report", () => {
  const folder = join(temporaryFolder(), "texts.hansight");
  mkdirSync(folder);
  const store = createAudit(folder, {
    ...plan,
    texts: { purpose: "To see" },
    by: { id: ann, name: "Ann", initials: "A" },
  });
  store.setSetting("weights", { a: [1, 2] });
  store.closeNow();
  const again = openAudit(folder);
  expect(again.setting("weights")).toEqual({ a: [1, 2] });
  expect(again.setting("none")).toBeNull();
  expect(again.texts()).toMatchObject({ purpose: "To see", limits: "" });
  expect(again.record(1, 10)).toMatchObject([
    { action: "reader.add", readerId: ann },
    { action: "audit.create", readerId: ann },
    { action: "report.text" },
  ]);
  again.closeNow();
});

it("gives an export every piece, as often as it asks", () => {
  const { store, run } = sampleAudit({ items: 4 });
  const failure = { code: "internal/unexpected", details: { message: "x" } } as const;
  store.commitBatch(run, [
    sampleOutcome(0),
    sampleOutcome(1),
    sampleOutcome(2, { error: failure }),
  ]);
  store.apply(command({ kind: "comment.set", item: 1, text: "c" }));
  const bundle = store.exportBundle();
  for (let time = 0; time < 2; time++) {
    expect([...bundle.items()].map(({ no }) => no)).toEqual([0, 1, 2, 3]);
    expect([...bundle.facets()][3]).toEqual({ item: 3, facets: { site: "site 3" } });
    expect([...bundle.evidence()].map(({ item }) => item)).toEqual([0, 3]);
    expect([...bundle.predictions(run)].map(({ item }) => item)).toEqual([0, 1]);
    expect([...bundle.measures(run)].map(({ item }) => item)).toEqual([0, 1]);
    expect([...bundle.maps(run)].map(({ item }) => item)).toEqual([0, 1]);
    expect([...bundle.failures(run)].map(({ item }) => item)).toEqual([2]);
    expect([...bundle.judgements()].map(({ item }) => item)).toEqual([1]);
    expect([...bundle.regions()]).toEqual([]);
    expect([...bundle.record()].at(-1)).toMatchObject({ action: "comment.set" });
  }
});

it("fills many hashes at once", () => {
  const { store } = sampleAudit({ items: 3 });
  store.setAllDecoded([0, 2].map((no) => ({ no, sha256: `${no}`.padStart(64, "0") })));
  expect(store.unhashed()).toEqual([1]);
});

it("a history line of an action on many items holds this item alone", () => {
  const { store, run } = sampleAudit({ items: 9 });
  const set = { kind: "verdict.set", run, reasons: [], view: null } as const;
  store.apply(command({ ...set, items: [1, 2, 3], verdict: "sound" }));
  const bulk = store.apply(command({ ...set, items: [0, 1, 2, 3, 4, 5], verdict: "mixed" }));
  store.apply(command({ kind: "undo", recordNo: bulk.recordNo }));
  const [undo, mixed] = store.detail(run, 2).history;
  expect(undo).toMatchObject({ action: "undo", of: "verdict.set" });
  expect(Object.keys(undo.before as object)).toEqual([`verdict/2/${ann}`]);
  expect(mixed).toMatchObject({ verdict: "mixed", isUndone: true });
  expect(mixed.after).not.toHaveProperty("items");
  expect(Object.keys(mixed.before as object)).toEqual([`verdict/2/${ann}`]);
});
