import { describe, expect, it } from "vitest";
import {
  sampleAudit,
  sampleModel,
  sampleOutcome,
  sampleRun,
} from "../../test/support/sample-audit.ts";
import type { RunId } from "../../shared/domain/ids.ts";
import { sampleSheet } from "../../test/support/sample-sheet.ts";
import type { ReliabilitySheet } from "../../shared/domain/sheet.ts";
import type { StoreChange } from "./change.ts";
import { sheetId } from "./sheets.ts";

const made = {
  modelSha256: sampleModel.description.sha256,
  preparation: sampleModel.preparation,
  tap: "features",
  method: "cam",
  fitSha256: null,
} as const;

const sheet = (changes: Partial<ReliabilitySheet> = {}) =>
  sampleSheet({ id: sheetId(made), modelSha256: made.modelSha256, ...changes });

describe("reliability sheets in the store", () => {
  it("hold for every run of the same model, layer and method, whatever its target", () => {
    const { store, run } = sampleAudit();
    const id = "run-2" as RunId;
    store.createRun({ ...sampleRun, id, target: { kind: "label" }, identity: "identity-2" });
    store.createRun({ ...sampleRun, id: "run-3" as RunId, method: "fem", identity: "identity-3" });
    expect(store.runById(run).sheet).toBe("not-made");
    const changes: StoreChange[] = [];
    store.onChange((change) => changes.push(change));
    store.addSheet(store.sheetKey(run), sheet());
    expect(store.runs().map(({ no, sheet: state }) => [no, state])).toEqual([
      [1, "passed"],
      [2, "passed"],
      [3, "not-made"],
    ]);
    expect(store.sheet(id)).toEqual(sheet());
    expect(changes.flatMap((one) => (one.kind === "run" ? one.run.no : []))).toEqual([1, 2]);
  });

  it("hold for no run that fuses layers: a sheet is of one", () => {
    const { store, run } = sampleAudit();
    const fusion = { fusion: "mean", layers: [] };
    const tap = { ...sampleRun.tap, fusion } as unknown as typeof sampleRun.tap; // only that there is one counts
    const id = "run-2" as RunId;
    store.createRun({ ...sampleRun, id, tap, identity: "identity-2" });
    store.addSheet(store.sheetKey(run), sheet());
    expect(store.runById(id).sheet).toBe("not-made");
    expect(store.sheet(id)).toBeNull();
  });

  it("stand whole in the record, and the newest holds", () => {
    const { store, run } = sampleAudit();
    store.addSheet(store.sheetKey(run), sheet());
    store.addSheet(store.sheetKey(run), sheet({ verdict: "failed", reasons: ["spearman"] }));
    expect(store.runById(run).sheet).toBe("failed");
    const entries = [...store.allRecord()].filter(({ action }) => action === "sheet.make");
    expect(entries.map(({ object }) => object)).toEqual([
      `sheet/${sheetId(made)}`,
      `sheet/${sheetId(made)}`,
    ]);
    expect(entries[1]?.after).toMatchObject({ sheet: { verdict: "failed" } });
    store.rebuildState();
    expect(store.sheet(run)).toMatchObject({ verdict: "failed" });
    expect(store.changedSheets()).toEqual([]);
    expect(store.verifyRecord()).toEqual([]);
  });

  it("that say something else than the record are found", () => {
    const { store, run } = sampleAudit();
    store.addSheet(store.sheetKey(run), sheet({ verdict: "failed" }));
    const changed = { id: sheetId(made), method: "cam" };
    const forged = JSON.stringify(sheet());
    // Nobody else may reach the tables; whoever edits the file can.
    store["tables"].connection.run("UPDATE sheet SET verdict = 'passed', content = ?", forged);
    expect(store.runById(run).sheet).toBe("passed");
    expect(store.changedSheets()).toEqual([changed]);
    store.rebuildState();
    expect(store.changedSheets()).toEqual([]);
    store["tables"].connection.run("UPDATE sheet SET verdict = 'passed'");
    expect(store.changedSheets()).toEqual([changed]);
    store["tables"].connection.run("DELETE FROM sheet");
    expect(store.changedSheets()).toEqual([changed]);
  });

  it("have the same name for the same model and preparation, and another for another", () => {
    expect(sheetId({ ...made })).toBe(sheetId(made));
    expect(sheetId({ ...made, tap: "other" })).not.toBe(sheetId(made));
    expect(sheetId({ ...made, fitSha256: "cd" })).not.toBe(sheetId(made));
  });
});

it("keeps why an item has no map", () => {
  const { store, run } = sampleAudit();
  const outcome = { ...sampleOutcome(0), map: null, mapDims: null, flags: ["non-finite"] as const };
  store.commitBatch(run, [outcome, sampleOutcome(1)]);
  expect(store.measure(run, 0)?.noMap).toEqual(["non-finite"]);
  expect(store.measure(run, 1)?.noMap).toEqual([]);
});
