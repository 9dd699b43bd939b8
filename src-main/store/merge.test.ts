import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ModelId, QueueId, RegionId, RunId } from "../../shared/domain/ids.ts";
import {
  ann,
  ben,
  command,
  sampleAudit,
  sampleItem,
  sampleModel,
  sampleOutcome,
  sampleRun,
  temporaryFolder,
} from "../../test/support/sample-audit.ts";
import type { AuditStore } from "./audit-store.ts";
import { openAudit } from "./open-audit.ts";

const request = { by: ann, commandId: null, words: "Merged", isPreview: false } as const;
const verdict = (item: number, word: "sound" | "spurious", readerId = ann) =>
  command(
    { kind: "verdict.set", items: [item], run: null, verdict: word, reasons: [], view: null },
    { readerId },
  );
const said = (store: AuditStore) =>
  [...store.allJudgements()].map(({ item, readerId, verdict: word }) => [item, readerId, word]);

/** Two copies of one audit with a common beginning: a verdict of Ann's on item 0. */
function twoCopies(options: { items?: number } = {}) {
  const own = sampleAudit(options);
  own.store.apply(verdict(0, "sound"));
  own.store.commitBatch(own.run, [sampleOutcome(0), sampleOutcome(1), sampleOutcome(2)]);
  own.store.closeNow();
  const folder = join(temporaryFolder(), "other.hansight");
  cpSync(own.folder, folder, { recursive: true });
  return { own: own.folder, other: folder };
}

/** Opens, works, closes. */
function work<T>(folder: string, deed: (store: AuditStore) => T): T {
  const store = openAudit(folder);
  try {
    return deed(store);
  } finally {
    store.closeNow();
  }
}

function merge(own: string, other: string, isPreview = false) {
  return work(own, (store) => {
    const copy = openAudit(other, { readOnly: true });
    try {
      return store.merge(copy, { ...request, isPreview });
    } finally {
      copy.closeNow();
    }
  });
}

it("brings in what was done apart, each entry with where it was made; twice is nothing", () => {
  const { own, other } = twoCopies();
  work(own, (store) => store.apply(verdict(1, "sound")));
  const taken = work(other, (store) => {
    store.apply(verdict(2, "spurious", ben));
    store.apply(
      command(
        {
          kind: "region.add",
          region: "region-b" as RegionId,
          item: 2,
          regionKind: "shortcut",
          shape: { kind: "rect", x: 0.1, y: 0.1, w: 0.2, h: 0.2 },
          note: "",
        },
        { readerId: ben },
      ),
    );
    const { recordNo } = store.apply(verdict(3, "spurious", ben));
    store.apply(command({ kind: "undo", recordNo }, { readerId: ben }));
    return [...store.allRecord()].slice(-4);
  });
  const before = work(own, (store) => [...store.allRecord()]);

  const preview = merge(own, other, true);
  expect(preview).toMatchObject({ entered: 4, kept: 0, known: 0, matched: 12, unmatched: [] });
  work(own, (store) => expect([...store.allRecord()]).toEqual(before));
  expect(existsSync(join(own, "merged"))).toBe(false);

  const merged = merge(own, other);
  expect(merged).toEqual({ ...preview });
  work(own, (store) => {
    const entries = [...store.allRecord()].slice(before.length);
    expect(entries.map(({ action }) => action)).toEqual([
      "audit.merge",
      "verdict.set",
      "region.add",
      "verdict.set",
      "undo",
    ]);
    expect(entries[0]?.after).toMatchObject({ tip: merged.tip, common: before.length - 1 });
    entries.slice(1).forEach((entry, i) => {
      const { no, hash, at } = taken[i] ?? {};
      expect(entry).toMatchObject({ at, origin: { tip: merged.tip, no, hash } });
    });
    expect(said(store)).toEqual([
      [0, ann, "sound"],
      [1, ann, "sound"],
      [2, ben, "spurious"],
    ]);
    expect(store.regions(2)).toHaveLength(1);
    expect(store.verifyRecord()).toEqual([]);
    store.rebuildState();
    expect(said(store)).toHaveLength(3);
  });
  const log = readFileSync(join(own, "merged", `${merged.tip}.log`), "utf8");
  expect(log).toBe(readFileSync(join(other, "record.log"), "utf8"));

  const again = merge(own, other);
  expect(again).toMatchObject({ entered: 0, known: 4 });
  work(own, (store) => expect(store.recordTip().no).toBe(before.length + 5));
});

it("keeps two verdicts of one reader: ours holds, theirs is listed, until the reader answers", () => {
  const { own, other } = twoCopies();
  work(own, (store) => store.apply(verdict(1, "sound")));
  work(other, (store) => {
    store.apply(verdict(1, "spurious"));
    store.apply(verdict(2, "sound"));
  });
  const { conflicts } = merge(own, other);
  const conflict = { kind: "verdict", item: 1, reader: ann, ours: "sound", theirs: "spurious" };
  expect(conflicts).toMatchObject([conflict]);
  work(own, (store) => {
    expect(said(store)).toContainEqual([1, ann, "sound"]);
    store.rebuildState();
    expect(said(store)).toContainEqual([1, ann, "sound"]);
    expect(store.conflicts()).toMatchObject([conflict]);
  });
  // the copy goes on, and is merged again: what came from it before is no word of ours
  work(other, (store) => store.apply(verdict(2, "spurious")));
  expect(merge(own, other).conflicts).toHaveLength(1);
  work(own, (store) => {
    expect(said(store)).toContainEqual([2, ann, "spurious"]);
    store.apply(verdict(1, "spurious"));
    expect(store.conflicts()).toEqual([]);
  });
});

it("merges back: what came from us is known there", () => {
  const { own, other } = twoCopies();
  work(own, (store) => store.apply(verdict(1, "sound")));
  work(other, (store) => store.apply(verdict(2, "sound", ben)));
  merge(own, other);
  expect(merge(other, own)).toMatchObject({ entered: 1, known: 2 });
  const [ours, theirs] = [own, other].map((folder) => work(folder, said));
  expect(ours).toEqual(theirs);
});

it("takes another model's run as its own, with its maps; a verdict on it joins no queue of ours", () => {
  const { own, other } = twoCopies();
  const run = "run-other" as RunId;
  work(other, (store) => {
    const id = "model-other" as ModelId;
    const description = { ...sampleModel.description, sha256: "6f".repeat(32), fileName: "b.onnx" };
    store.addModel({ ...sampleModel, id, description });
    store.createRun({ ...sampleRun, id: run, modelId: id, identity: "identity-2" });
    store.commitBatch(run, [sampleOutcome(4)]);
    store.finishRun(run);
    store.apply(
      command(
        {
          kind: "verdict.set",
          ...{ items: [4], run, verdict: "spurious", reasons: [] },
          view: {
            ...{ run, target: null, mode: "overlay", opacity: 0.5, threshold: 0 },
            ...{ colours: "viridis", scaling: "run-p99", zoom: 1, seconds: 6 },
            queue: "sample" as QueueId,
          },
        },
        { readerId: ben },
      ),
    );
  });
  const merged = merge(own, other);
  expect(merged).toMatchObject({ runs: [run], models: [{ fileName: "b.onnx" }] });
  work(own, (store) => {
    expect(store.runs().map(({ no, id }) => [no, id])).toEqual([
      [1, "run-1"],
      [2, run],
    ]);
    expect(store.models()).toHaveLength(2);
    expect(store.readMap(run, 4)?.values).toEqual(sampleOutcome(4).map);
    expect(store.runById(run)).toMatchObject({ done: 1, failed: 0 });
    const last = [...store.allRecord()].at(-1);
    expect(last?.after).toMatchObject({ run, view: { queue: null } });
  });
});

it("knows items by content where they were listed otherwise, and lists those it does not have", () => {
  const { own, other } = twoCopies();
  work(other, (store) => {
    store.addItems([
      { ...sampleItem(0), path: "new/a.png", bytes: 5 },
      { ...sampleItem(0), path: "new/b.png", bytes: 6 },
    ]);
    store.setDecoded(12, { sha256: "aa".repeat(32) });
    store.setDecoded(13, { sha256: "bb".repeat(32) });
    store.apply(verdict(12, "spurious", ben));
    store.apply(verdict(13, "spurious", ben));
  });
  work(own, (store) => {
    store.addItems([
      { ...sampleItem(0), path: "elsewhere/x.png", bytes: 1 },
      { ...sampleItem(0), path: "elsewhere/a.png", bytes: 5 },
    ]);
    store.setDecoded(13, { sha256: "aa".repeat(32) });
  });
  const { unmatched, kept } = merge(own, other);
  expect(unmatched.map(({ path }) => path)).toEqual(["new/b.png"]);
  expect(kept).toBe(2); // its items.add, and the verdict on what is not here
  work(own, (store) => {
    expect(said(store)).toContainEqual([13, ben, "spurious"]);
    expect(said(store)).not.toContainEqual([12, ben, "spurious"]);
    expect(store.entry(store.recordTip().no)).toMatchObject({
      action: "audit.kept",
      after: { action: "verdict.set" },
    });
    expect(store.verifyRecord()).toEqual([]);
  });
});

it("refuses another audit, and a copy whose record was edited; nothing is changed", () => {
  const { own, other } = twoCopies();
  const before = readFileSync(join(own, "record.log"));
  const stranger = sampleAudit();
  stranger.store.closeNow();
  expect(() => merge(own, stranger.folder)).toThrowError(
    expect.objectContaining({ code: "merge/no-common" }), // made anew: same id, another record
  );
  work(other, (store) => store.apply(verdict(2, "spurious", ben)));
  const file = join(other, "audit.sqlite");
  const bytes = readFileSync(file, "latin1");
  expect(bytes).toContain('"verdict":"spurious"');
  writeFileSync(file, bytes.replaceAll('"verdict":"spurious"', '"verdict":"spurioXs"'), "latin1");
  expect(() => merge(own, other)).toThrowError(expect.objectContaining({ code: "merge/broken" }));
  expect(readFileSync(join(own, "record.log"))).toEqual(before);
});

it("finds a log of the other copy that was edited or is gone", () => {
  const { own, other } = twoCopies();
  work(other, (store) => store.apply(verdict(2, "spurious", ben)));
  const { tip } = merge(own, other);
  const log = join(own, "merged", `${tip}.log`);
  writeFileSync(log, readFileSync(log, "utf8").replace("spurious", "sound"));
  work(own, (store) =>
    expect(store.verifyRecord()).toEqual([{ no: store.recordTip().no, kind: "origin" }]),
  );
});

it("opens the next revision where a side was signed; the signed one stays", () => {
  const { own, other } = twoCopies();
  const step = (store: AuditStore, action: "revision.lock" | "revision.build", after: unknown) =>
    store.enterRevision({ action, readerId: ann, after, commandId: null });
  work(other, (store) => store.apply(verdict(2, "spurious", ben)));
  work(own, (store) => {
    step(store, "revision.lock", { signers: [] });
    step(store, "revision.build", { manifestSha256: "m", contentSha256: "c", files: [] });
  });
  expect(merge(own, other).revision).toBe(2);
  work(own, (store) => {
    expect(store.revisions()).toMatchObject([
      { no: 1, state: "superseded", manifestSha256: "m" },
      { no: 2, state: "draft", reopened: { words: "Merged" } },
    ]);
    expect(said(store)).toContainEqual([2, ben, "spurious"]);
  });
});
