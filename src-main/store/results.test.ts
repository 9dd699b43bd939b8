import { appendFileSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { percentile } from "../../shared/statistics/percentile.ts";
import {
  sampleAudit,
  sampleItem,
  sampleModel,
  sampleOutcome,
  sampleRun,
} from "../../test/support/sample-audit.ts";
import type { RunId } from "../../shared/domain/ids.ts";
import { openAudit } from "./open-audit.ts";
import { runIdentity } from "./runs.ts";

const failure = { code: "internal/unexpected", details: { message: "unreadable" } } as const;

it("counts a batch once, however often it comes", () => {
  const { store, run } = sampleAudit();
  const batch = [0, 1, 2, 3].map((no) => sampleOutcome(no));
  expect(store.commitBatch(run, batch)).toEqual([0, 1, 2, 3]);
  expect(store.commitBatch(run, batch)).toEqual([]);
  expect(store.commitBatch(run, [...batch.slice(2), sampleOutcome(4), sampleOutcome(4)])).toEqual([
    4,
  ]);
  expect(store.runById(run)).toMatchObject({ done: 5, failed: 0, planned: 12 });
  expect(store.pendingItems(run)).toEqual([5, 6, 7, 8, 9, 10, 11]);
});

it("gives back each map and its logits as they came", () => {
  const { folder, store, run } = sampleAudit();
  store.commitBatch(run, [sampleOutcome(2), sampleOutcome(7)]);
  store.commitBatch(run, [
    sampleOutcome(1, { map: null, mapDims: null, flags: ["no-target"] }),
    sampleOutcome(5),
  ]);
  store.closeNow();
  const again = openAudit(folder);
  for (const no of [2, 5, 7]) {
    const { map, logits } = sampleOutcome(no);
    expect(again.readMap(run, no)).toEqual({
      values: map,
      height: 3,
      width: 4,
      rawMin: Math.fround(no),
      rawMax: Math.fround(no + 0.11),
      seen: { x: 0, y: 0, width: 100, height: 80 },
      flags: [],
      target: no % 4 < 2 ? 1 : 0,
    });
    expect(again.logits(run, no)).toEqual(logits);
  }
  expect(again.readMap(run, 1)).toBeNull();
  expect(again.readMap(run, 0)).toBeNull();
  expect([...again.maps(run)].map(({ item }) => item)).toEqual([2, 5, 7]);
  again.closeNow();
});

it("predicts from logits and compares with the label", () => {
  const { store, run } = sampleAudit();
  store.commitBatch(run, [sampleOutcome(0), sampleOutcome(1), sampleOutcome(2)]);
  const confidence = 1 / (1 + Math.exp(-1)); // softmax of two logits one apart
  expect(store.predictions(run)).toEqual([
    { item: 0, class: 1, confidence: expect.closeTo(confidence, 6), correct: false },
    { item: 1, class: 1, confidence: expect.closeTo(confidence, 6), correct: true },
    { item: 2, class: 0, confidence: expect.closeTo(confidence, 6), correct: true },
  ]);
});

it("has no answer to a label that the model does not know", () => {
  const { store, run } = sampleAudit({ items: 2 });
  store.addItems([
    { ...sampleItem(2), path: "cyst/2.png", label: "cyst" },
    { ...sampleItem(3), path: "none/3.png", label: null },
  ]);
  store.commitBatch(run, [sampleOutcome(2), sampleOutcome(3)]);
  expect(store.predictions(run).map(({ correct }) => correct)).toEqual([null, null]);
});

it("ignores what a killed batch left behind the last commit, and writes over it", () => {
  const { folder, store, run } = sampleAudit();
  store.commitBatch(run, [sampleOutcome(0), sampleOutcome(1)]);
  const pack = join(folder, "runs", run, "maps.pack");
  const committed = statSync(pack).size;
  expect(committed).toBe(2 * 12 * 4);
  store.closeNow();
  appendFileSync(pack, Buffer.alloc(1000, 7));

  const again = openAudit(folder);
  expect(again.readMap(run, 1)?.values).toEqual(sampleOutcome(1).map);
  expect([...again.maps(run)].length).toBe(2);
  again.commitBatch(run, [sampleOutcome(2)]);
  expect(statSync(pack).size).toBe(3 * 12 * 4);
  expect(again.readMap(run, 2)?.values).toEqual(sampleOutcome(2).map);
  again.closeNow();
});

it("goes on where a pack was deleted: its maps are gone, nothing else is", () => {
  const { folder, store, run } = sampleAudit();
  store.commitBatch(run, [sampleOutcome(0)]);
  store.closeNow();
  rmSync(join(folder, "runs"), { recursive: true });
  const again = openAudit(folder);
  expect(again.readMap(run, 0)).toBeNull();
  expect(again.logits(run, 0)).toBeNull();
  expect(again.predictions(run)).toHaveLength(1);
  again.commitBatch(run, [sampleOutcome(1)]);
  expect(again.readMap(run, 1)?.values).toEqual(sampleOutcome(1).map);
  again.closeNow();
});

it("a failed item is a row; it is tried again only when asked", () => {
  const { store, run } = sampleAudit({ items: 3 });
  store.commitBatch(run, [
    sampleOutcome(0),
    sampleOutcome(1, { error: failure, map: null, logits: null }),
  ]);
  expect(store.runById(run)).toMatchObject({ done: 1, failed: 1 });
  expect(store.failures(run)).toEqual([{ item: 1, error: failure }]);
  expect(store.rows(run, [1])[0]).toMatchObject({ error: failure, predicted: null });
  expect(store.pendingItems(run)).toEqual([2]);
  expect(store.retryFailed(run)).toEqual([1]);
  expect(store.pendingItems(run)).toEqual([1, 2]);
  store.commitBatch(run, [sampleOutcome(1), sampleOutcome(2)]);
  expect(store.finishRun(run)).toMatchObject({ done: 3, failed: 0 });
  expect(store.runState(run).state).toBe("done");
});

it("fills hashes and sizes of items in as they are decoded, and keeps the first", () => {
  const { store, run } = sampleAudit({ items: 2 });
  expect(store.unhashed()).toEqual([0, 1]);
  store.commitBatch(run, [sampleOutcome(0)]);
  expect(store.item(0)).toMatchObject({ sha256: "0".repeat(64), width: 100, height: 80 });
  store.setDecoded(0, { sha256: null, averageGrey: 9 });
  expect(store.item(0)).toMatchObject({ sha256: "0".repeat(64), averageGrey: 9 });
  expect(store.unhashed()).toEqual([1]);
});

it("measures the range of a run: the 99th percentile and the weak limit as sorting gives them", () => {
  const { store, run } = sampleAudit({ items: 40 });
  for (let no = 0; no < 40; no += 8)
    store.commitBatch(
      run,
      Array.from({ length: 8 }, (_, k) => sampleOutcome(no + k)),
    );
  const { rawP99, rawMin, weakBelow } = store.finishRun(run);
  const values = Array.from({ length: 40 }, (_, no) => [...(sampleOutcome(no).map ?? [])]).flat();
  const sorted = values.toSorted((a, b) => a - b);
  expect(rawP99).toBe(sorted[Math.ceil(0.99 * sorted.length) - 1]);
  expect(rawMin).toBe(0);
  const maxima = Array.from({ length: 40 }, (_, no) => Math.fround(no + 0.11));
  expect(weakBelow).toBe(percentile(maxima, 0.05)); // between the second and third
  expect(store.rows(run, [0, 1, 2]).map(({ isWeak }) => isWeak)).toEqual([true, true, false]);
});

it("a map with nothing finite in it spoils no range", () => {
  const { store, run } = sampleAudit({ items: 2 });
  store.commitBatch(run, [
    sampleOutcome(0, { map: new Float32Array(12).fill(NaN), flags: ["non-finite"] }),
    sampleOutcome(1, {
      map: Float32Array.from({ length: 12 }, (_, k) => (k === 3 ? Infinity : k)),
    }),
  ]);
  expect(store.finishRun(run)).toMatchObject({ rawP99: 11, rawMin: 0 });
});

it("keeps numbers and their causes, and replaces only what is named", () => {
  const { store, run } = sampleAudit({ items: 3 });
  store.commitBatch(run, [
    sampleOutcome(0, { metrics: { entropy: 0.25, focus: "no-evidence", stability: NaN } }),
    sampleOutcome(1, { metrics: { suspicion: 0.5, focus: 0.75 } }),
  ]);
  expect(store.measure(run, 0)?.measures).toEqual({
    entropy: 0.25,
    focus: "no-evidence",
    raw_max: Math.fround(0.11),
  });
  store.setScores(run, "s1", Float32Array.of(0.125, NaN, 9));
  store.setAssessments(run, [
    { item: 0, measures: { focus: 0.5 }, evidenceLevel: "E1", why: "here", predictedFocus: "on" },
    {
      item: 1,
      measures: { suspicion: "weak-map" },
      evidenceLevel: "E0",
      why: "weak",
      predictedFocus: "unjudged",
    },
  ]);
  expect([...store.measures(run)]).toMatchObject([
    {
      item: 0,
      measures: { entropy: 0.25, focus: 0.5, s1: 0.125 },
      evidenceLevel: "E1",
      why: "here",
    },
    {
      item: 1,
      measures: { suspicion: "weak-map", focus: 0.75 },
      evidenceLevel: "E0",
      predictedFocus: "unjudged",
    },
  ]);
  expect(store.measure(run, 1)?.measures).not.toHaveProperty("s1");
  expect(store.measure(run, 2)).toBeNull();
});

it("offers a finished run of the same inputs, and no other", () => {
  const { store, run } = sampleAudit({ items: 2 });
  const inputs = {
    modelSha256: "ab",
    preparation: sampleModel.preparation,
    tap: "features",
    method: "cam",
    target: { kind: "predicted" },
    secondMethod: null,
    seed: 1,
    items: null,
    listed: 2,
  } as const;
  const identity = runIdentity(inputs);
  const { listed, ...others } = inputs;
  expect(runIdentity({ listed, ...others })).toBe(identity); // whatever order they are named in
  expect(runIdentity({ ...inputs, seed: 2 })).not.toBe(identity);

  const second = store.createRun({ ...sampleRun, id: "run-2" as RunId, identity, items: [1] });
  expect(second).toMatchObject({ no: 2, planned: 1 });
  expect(store.finishedRun(identity)).toBeNull();
  expect(store.interruptedRuns().map(({ id }) => id)).toEqual([run, second.id]);
  store.commitBatch(second.id, [sampleOutcome(1)]);
  store.finishRun(second.id);
  expect(store.finishedRun(identity)).toMatchObject({ id: second.id, done: 1 });
  expect(store.interruptedRuns().map(({ id }) => id)).toEqual([run]);
});

it("notes when a run began and ended", () => {
  const { store, run } = sampleAudit({ items: 1 });
  store.setRunState(run, "running");
  const { startedAt } = store.runById(run);
  expect(startedAt).toMatch(/^\d{4}-/);
  store.setRunState(run, "cancelled");
  expect(store.runById(run).endedAt).toMatch(/^\d{4}-/);
  store.setRunState(run, "running");
  expect(store.runById(run)).toMatchObject({ startedAt, endedAt: null });
});

it("refuses a map that is not as large as it says", () => {
  const { store, run } = sampleAudit({ items: 1 });
  expect(() => store.commitBatch(run, [sampleOutcome(0, { mapDims: [4, 4] })])).toThrowError(
    /12 values, not 4 × 4/,
  );
  expect(store.runById(run).done).toBe(0);
  expect(store.pendingItems(run)).toEqual([0]);
});

it("appends maps in the order of their commits", () => {
  const { folder, store, run } = sampleAudit({ items: 2 });
  store.commitBatch(run, [sampleOutcome(1)]);
  store.commitBatch(run, [sampleOutcome(0)]);
  const bytes = readFileSync(join(folder, "runs", run, "maps.pack"));
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  expect([...values]).toEqual([...(sampleOutcome(1).map ?? []), ...(sampleOutcome(0).map ?? [])]);
});
