import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleAudit, sampleRun } from "../../test/support/sample-audit.ts";
import type { Fitted } from "../../shared/domain/fit.ts";
import type { RunId } from "../../shared/domain/ids.ts";
import { openAudit } from "./open-audit.ts";

const run = "run-fit" as RunId;
const plan = { source: "labels", options: { classes: null, mix: null }, items: [3, 1, 2] } as const;
const vector = (label: number, ...values: number[]) => ({
  label,
  values: Float32Array.from(values),
});
const outcome = (no: number, vectors: readonly ReturnType<typeof vector>[]) => ({
  no,
  vectors,
  empty: 0,
  error: null,
});
const fitted: Fitted = {
  dims: [2, 2],
  values: Float32Array.of(1, -2, 3, 4),
  facts: {
    source: "labels",
    items: 3,
    vectors: 3,
    empty: 0,
    failed: 0,
    classes: [0, 1],
    heldOut: { right: 1, n: 1 },
    base: null,
    penalty: 1e-4,
    mix: "product",
  },
};

function auditWithFit() {
  const audit = sampleAudit();
  audit.store.createRun({ ...sampleRun, id: run, identity: "identity-2" }, null, plan);
  return { ...audit, pack: join(audit.folder, "runs", run, "fit.pack") };
}

describe("a run's fit", () => {
  it("keeps vectors as rows of item, label and values, and goes on where they end", async () => {
    const { folder, store, pack } = auditWithFit();
    store.commitFit(run, [outcome(3, [vector(0, 1, 2), vector(1, 3, 4)]), outcome(1, [])]);
    appendFileSync(pack, "half a row that never counted");
    await store.close();
    const again = openAudit(folder);
    expect(again.resumeFit(run)).toMatchObject({ tried: 2, vectors: 2, k: 2, fitted: null });
    again.commitFit(run, [outcome(2, [vector(1, 5, 6)])]);
    const bytes = readFileSync(pack);
    expect(bytes).toHaveLength(3 * 16);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect([view.getInt32(32, true), view.getInt32(36, true)]).toEqual([2, 1]);
    expect([view.getFloat32(40, true), view.getFloat32(44, true)]).toEqual([5, 6]);
    await again.close();
  });

  it("begins anew where the pack was lost", () => {
    const { store, pack } = auditWithFit();
    store.commitFit(run, [outcome(3, [vector(0, 1, 2)])]);
    rmSync(pack);
    expect(store.resumeFit(run)).toMatchObject({ tried: 0, vectors: 0 });
  });

  it("refuses a batch that is not next, and vectors of another length", () => {
    const { store } = auditWithFit();
    store.commitFit(run, [outcome(3, [vector(0, 1, 2)])]);
    expect(() => store.commitFit(run, [outcome(3, [vector(0, 1, 2)])])).toThrow(/not next/);
    expect(() => store.commitFit(run, [outcome(1, [vector(0, 1)])])).toThrow(/2 values/);
    expect(store.fit(run)?.tried).toBe(1);
  });

  it("gives back what was learnt, bit by bit, and makes its hash part of the identity", () => {
    const { store } = auditWithFit();
    expect(store.runById(run).fit).toBeUndefined();
    store.finishFit(run, fitted);
    expect(store.fit(run)?.fitted).toEqual(fitted);
    expect(store.runById(run).fit).toMatchObject({ classes: [0, 1], heldOut: { right: 1, n: 1 } });
    const { identity, planIdentity } = store.runState(run);
    expect(planIdentity).toBe("identity-2");
    expect(identity).not.toBe("identity-2");
    const other = auditWithFit();
    other.store.finishFit(run, { ...fitted, values: Float32Array.of(1, -2, 3, 4.5) });
    expect(other.store.runState(run).identity).not.toBe(identity);
  });

  it("is found again by what it was planned with", () => {
    const { store } = auditWithFit();
    store.finishFit(run, fitted);
    store.setRunState(run, "done");
    expect(store.finishedRun("identity-2")?.id).toBe(run);
    expect(store.finishedRun(store.runState(run).identity)?.id).toBe(run);
  });

  it("is none of a run whose method learns nothing", () => {
    const { store, run: plain } = sampleAudit();
    expect(store.fit(plain)).toBeNull();
    expect(store.runState(plain).planIdentity).toBe(store.runState(plain).identity);
  });
});
