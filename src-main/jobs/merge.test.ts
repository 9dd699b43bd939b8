import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AuditId, CommandId } from "../../shared/domain/ids.ts";
import { ann, ben, command, createSample, sampleOutcome } from "../../test/support/sample-audit.ts";
import { createTestApp, type TestApp } from "../../test/support/test-app.ts";
import { windowOf } from "../../test/support/windows.ts";
import { openAudit } from "../store/open-audit.ts";

let app: TestApp;
let own: string;
let other: string;
let auditId: AuditId;
const newId = () => crypto.randomUUID() as CommandId;

const judge = (folder: string, item: number, verdict: "sound" | "spurious", readerId = ann) => {
  const store = openAudit(folder);
  store.apply(
    command(
      { kind: "verdict.set", items: [item], run: null, verdict, reasons: [], view: null },
      { readerId, id: newId() },
    ),
  );
  store.closeNow();
};

beforeAll(async () => {
  app = await createTestApp();
  own = join(app.folder, "own.hansight");
  other = join(app.folder, "other.hansight");
  const store = createSample(own);
  store.commitBatch("run-1" as never, [sampleOutcome(0), sampleOutcome(1)]); // the sample's run
  store.closeNow();
  cpSync(own, other, { recursive: true });
  judge(own, 3, "sound");
  judge(other, 3, "spurious");
  judge(other, 4, "spurious", ben);
});
afterAll(() => app.remove());

it("shows what comes in, then merges it; conflicts get a queue; a copy is made before", async () => {
  const place = await app.places.idFor(own);
  ({ auditId } = await app.client.library.open({ place }));
  const from = await app.places.idFor(other);
  const before = await app.client.audits.get({ auditId });
  const preview = await app.client.audits.previewMerge({ auditId, place: from });
  expect(preview).toMatchObject({
    entered: 2,
    actions: [{ action: "verdict.set", n: 2 }],
    conflicts: 1,
    conflictList: [{ kind: "verdict", item: 3, reader: "Ann" }],
    queue: null,
  });
  expect((await app.client.audits.get({ auditId })).recordNo).toBe(before.recordNo);

  const act = { auditId, place: from, tip: preview.tip, commandId: newId() };
  const stale = app.client.audits.merge({ ...act, tip: "0".repeat(64) });
  await expect(stale).rejects.toMatchObject({ code: "merge/changed" });
  const merged = await app.client.audits.merge(act);
  expect(merged).toMatchObject({ entered: 2, conflicts: 1 });
  const after = await app.client.audits.get({ auditId });
  const queue = after.queues.find(({ id }) => id === merged.queue);
  expect(queue).toMatchObject({ name: "Merge conflicts (1)", items: [3] });
  const steps = [];
  for await (const step of await app.client.verify.folder({ place })) steps.push(step);
  expect(steps.at(-1)).toMatchObject({ verdict: "unsigned", problems: [] });
  expect(openAudit(own, { readOnly: true }).copies().length).toBeGreaterThan(0);
});

it("is the lead's to do", async () => {
  const reviewer = await windowOf(app, "Carl", { role: "reviewer" });
  const place = await app.places.idFor(other);
  await expect(reviewer.client.audits.previewMerge({ auditId, place })).rejects.toMatchObject({
    code: "people/not-allowed",
  });
});

it("says at the command line what comes in, merges, and finds nothing the second time", () => {
  const folder = join(app.folder, "third.hansight");
  cpSync(other, folder, { recursive: true });
  judge(folder, 5, "sound", ben);
  const home = join(app.folder, "cli-home");
  const run = (...args: string[]) =>
    execFileSync(
      process.execPath,
      [join(import.meta.dirname, "../cli/main.ts"), "merge", other, folder, ...args],
      { encoding: "utf8", env: { ...process.env, HANSIGHT_HOME: home } },
    );
  expect(run("--dry-run")).toContain("1 entry of the record");
  expect(run()).toContain("Merged: 1 entry came in");
  expect(run()).toContain("Nothing to merge");
  const store = openAudit(other, { readOnly: true });
  expect(store.judgements(5)).toMatchObject([{ readerId: ben, verdict: "sound" }]);
  expect(store.verifyRecord()).toEqual([]);
  store.closeNow();
}, 60_000);
