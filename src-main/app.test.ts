import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesPaths } from "../shared/contract/bytes.ts";
import type { AuditEvent, Run } from "../shared/contract/audits.ts";
import type { Command } from "../shared/domain/command.ts";
import type { AuditId, CommandId, ReaderId } from "../shared/domain/ids.ts";
import {
  createDemoAudit,
  createTestApp,
  jobEnd,
  smallDemo,
  startDemoRun,
  type TestApp,
} from "../test/support/test-app.ts";

const perClass = 5;
const count = perClass * 4;

describe("the app, called in process", () => {
  let app: TestApp;
  let auditId: AuditId;
  let run: Run;
  let readerId: ReaderId;

  beforeAll(async () => {
    app = await createTestApp();
    const images = smallDemo(app.folder, perClass);
    writeFileSync(join(images, "normal", "broken.jpg"), "this is no picture");
    readerId = (await app.client.library.setMe({ name: "A. Meyer", initials: "AM" })).id;
    auditId = await createDemoAudit(app, images);
    const { jobId } = await startDemoRun(app, auditId);
    if (!jobId) throw new Error("the run was not started");
    const job = await jobEnd(app, auditId, jobId);
    expect(job).toMatchObject({ state: "done-faults", tried: count + 1, failed: 1 });
    [run] = (await app.client.audits.get({ auditId })).runs;
  });
  afterAll(() => app.remove());

  const get = (path: string, headers: Record<string, string> = {}) =>
    app.app(new Request(`http://hansight.localhost${path}`, { headers }));
  const command = (id: string, body: object) =>
    ({ id: id as CommandId, readerId, ...body }) as Command; // a test writes each kind by hand

  it("marks one unreadable image as its own failed row and goes on", async () => {
    const [failure] = await app.client.runs.failures({ auditId, run: run.id });
    expect(failure).toMatchObject({
      name: "normal/broken.jpg",
      error: { code: "image/unknown-format" },
    });
  });

  it("gives rows for visible cells, with answer, suspicion and quadrant", async () => {
    const rows = await app.client.audits.rows({ auditId, run: run.id, items: [3, 0] });
    expect(rows.map(({ no }) => no)).toEqual([3, 0]);
    expect(rows[0]).toMatchObject({ label: "consolidation", isMissing: false, error: null });
    expect(rows[0].confidence).toBeGreaterThan(0.25);
    expect(rows[0].suspicion).not.toBeNaN();
  });

  it("refuses more than 500 rows at once", async () => {
    const items = Array.from({ length: 501 }, (_, i) => i);
    await expect(app.client.audits.rows({ auditId, run: run.id, items })).rejects.toThrow();
  });

  it("gives the detail of an item: metrics, sentence, map and where it lies", async () => {
    const detail = await app.client.audits.detail({ auditId, run: run.id, item: 0 });
    expect(detail.map).toMatchObject({ width: 10, height: 10, seen: { x: 0, y: 0, w: 1, h: 1 } });
    expect(detail.map?.sectors.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(detail.metrics).toMatchObject({ inside_energy: "no-evidence" });
    expect(detail.why).toMatch(/%/);
  });

  it("serves a column as bytes with its shape, and says when it has not changed", async () => {
    const path = bytesPaths.column(auditId, run.id, "suspicion");
    const response = await get(path);
    expect(response.headers.get("x-shape")).toBe(`float32,${count + 1}`);
    expect((await response.arrayBuffer()).byteLength).toBe((count + 1) * 4);
    const etag = response.headers.get("etag") ?? "";
    expect((await get(path, { "if-none-match": etag })).status).toBe(304);
  });

  it("serves raw maps, thumbnails and pictures", async () => {
    const map = await get(bytesPaths.map(auditId, run.id, 0));
    expect(map.headers.get("x-shape")).toBe("10,10");
    const values = new Float32Array(await map.arrayBuffer());
    expect(Math.max(...values)).toBeCloseTo(
      (await app.client.audits.detail({ auditId, run: run.id, item: 0 })).map?.rawMax ?? NaN,
      5,
    );
    for (const path of [bytesPaths.thumbnail(auditId, 0), bytesPaths.image(auditId, 0, 512)]) {
      const response = await get(path);
      expect(response.headers.get("content-type")).toBe("image/jpeg");
      expect(new Uint8Array(await response.arrayBuffer()).slice(0, 2)).toEqual(
        Uint8Array.of(0xff, 0xd8),
      );
    }
  });

  it("names what it cannot find by code", async () => {
    const unknown = "no-such-audit" as AuditId;
    await expect(app.client.audits.get({ auditId: unknown })).rejects.toMatchObject({
      code: "audit/not-found",
    });
    expect((await get(bytesPaths.map(auditId, run.id, 9999))).status).toBe(404);
    expect((await get("/audits/../../etc/passwd")).status).toBe(404);
    expect((await get("/%2e%2e/%2e%2e/etc/passwd")).status).toBeGreaterThanOrEqual(400);
  });

  it("applies a verdict once, however often the command arrives", async () => {
    const view = null;
    const set = command("c-1", {
      kind: "verdict.set",
      items: [0],
      run: run.id,
      verdict: "spurious",
      reasons: ["marker"],
      view,
    });
    const first = await app.client.audits.apply({ auditId, command: set });
    expect(await app.client.audits.apply({ auditId, command: set })).toEqual(first);
    const [row] = await app.client.audits.rows({ auditId, run: run.id, items: [0] });
    expect(row).toMatchObject({ verdict: "spurious", reasons: ["marker"] });
    const { history } = await app.client.audits.detail({ auditId, run: run.id, item: 0 });
    expect(history.filter(({ action }) => action === "verdict.set")).toHaveLength(1);
  });

  it("undoes and redoes by reversing entries, and keeps both readable", async () => {
    const set = command("c-2", {
      kind: "verdict.set",
      items: [1],
      run: run.id,
      verdict: "sound",
      reasons: [],
      view: null,
    });
    await app.client.audits.apply({ auditId, command: set });
    const last = await app.client.audits.lastAction({ auditId, readerId, direction: "undo" });
    expect(last).toMatchObject({ item: 1, words: "Sound" });
    await app.client.audits.apply({
      auditId,
      command: command("c-3", { kind: "undo", recordNo: last?.recordNo }),
    });
    expect(
      (await app.client.audits.rows({ auditId, run: run.id, items: [1] }))[0].verdict,
    ).toBeNull();
    const redo = await app.client.audits.lastAction({ auditId, readerId, direction: "redo" });
    await app.client.audits.apply({
      auditId,
      command: command("c-4", { kind: "redo", recordNo: redo?.recordNo }),
    });
    expect((await app.client.audits.rows({ auditId, run: run.id, items: [1] }))[0].verdict).toBe(
      "sound",
    );
  });

  it("tells watchers what was saved", async () => {
    const controller = new AbortController();
    const events = await app.client.audits.watch({ auditId }, { signal: controller.signal });
    const seen: AuditEvent[] = [];
    const reading = (async () => {
      for await (const event of events) {
        seen.push(event);
        if (event.kind === "saved") break;
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const set = command("c-5", { kind: "comment.set", item: 2, text: "look again" });
    const { recordNo } = await app.client.audits.apply({ auditId, command: set });
    await reading;
    controller.abort();
    expect(seen).toContainEqual(expect.objectContaining({ kind: "saved", recordNo }));
  });

  it("makes two queues: suspects, and a random sample whose seed and list hash are in the record", async () => {
    const { queues } = await app.client.audits.get({ auditId });
    expect(queues.map(({ rule }) => rule.kind).toSorted()).toEqual(["random", "suspects"]);
    const entries = await app.client.audits.record({ auditId, from: 1, limit: 100 });
    const random = entries.find(({ after }) => JSON.stringify(after).includes('"kind":"random"'));
    expect(JSON.stringify(random?.after)).toMatch(/"listSha256":"[0-9a-f]{64}"/);
  });

  it("offers the finished run when the same is asked for again", async () => {
    const { jobId, existing } = await startDemoRun(app, auditId);
    expect(jobId).toBeNull();
    expect(existing?.id).toBe(run.id);
  });

  it("lets a second opener read, and refuses its changes", async () => {
    const folder = app.folderOf(auditId);
    const { spawnSync } = await import("node:child_process");
    const script = `
      const { openAudit } = await import(${JSON.stringify(join(import.meta.dirname, "store/open-audit.ts"))});
      const store = openAudit(${JSON.stringify(folder)});
      let code = "";
      try { store.mustBeWritable(); } catch (error) { code = error.code; }
      console.log(store.isReadOnly, store.itemCount(), code);
      store.closeNow();`;
    const other = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(other.stdout.trim()).toBe(`true ${count + 1} audit/in-use`);
  });

  it("pauses, resumes and cancels a run, and keeps what is done", async () => {
    const { jobId } = await startDemoRun(app, auditId, true);
    if (!jobId) throw new Error("the run was not started");
    await app.client.runs.pause({ auditId, jobId });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const paused = (await app.client.runs.jobs({ auditId })).find(({ id }) => id === jobId);
    expect(paused?.state).toBe("paused");
    const beganMs = performance.now();
    await app.client.runs.cancel({ auditId, jobId });
    expect((await jobEnd(app, auditId, jobId)).state).toBe("cancelled");
    expect(performance.now() - beganMs).toBeLessThan(5000);
  });

  it("takes images up again that were away during a run and a report", async () => {
    const { mkdirSync, renameSync } = await import("node:fs");
    mkdirSync(join(app.folder, "away"));
    const images = smallDemo(join(app.folder, "away"), 2);
    const audit = await createDemoAudit(app, images, "away");
    renameSync(images, `${images}-elsewhere`);
    const first = await startDemoRun(app, audit);
    if (!first.jobId) throw new Error("the run was not started");
    expect(await jobEnd(app, audit, first.jobId)).toMatchObject({
      state: "done-faults",
      failed: 8,
    });
    const [gone] = await app.client.audits.rows({ auditId: audit, run: null, items: [0] });
    expect(gone.isMissing).toBe(true);
    const { jobId } = await app.client.reports.build({
      auditId: audit,
      run: null,
      plates: null,
      keepNames: false,
    });
    await jobEnd(app, audit, jobId);
    renameSync(`${images}-elsewhere`, images);
    const second = await startDemoRun(app, audit, true);
    if (!second.jobId) throw new Error("the run was not started");
    expect(await jobEnd(app, audit, second.jobId)).toMatchObject({
      state: "done",
      tried: 8,
      failed: 0,
    });
    const [back] = await app.client.audits.rows({ auditId: audit, run: null, items: [0] });
    expect(back).toMatchObject({ isMissing: false, error: null });
  });

  it("opens one audit once, whatever links lead to it", async () => {
    const { symlinkSync } = await import("node:fs");
    const link = join(app.folder, "link.hansight");
    symlinkSync(app.folderOf(auditId), link);
    const place = await app.places.idFor(link);
    expect((await app.client.library.open({ place })).auditId).toBe(auditId);
    expect((await app.client.audits.get({ auditId })).isReadOnly).toBe(false);
  });

  it("builds one report at a time", async () => {
    const request = { auditId, run: run.id, plates: [], keepNames: false };
    const [one, two] = await Promise.all([
      app.client.reports.build(request),
      app.client.reports.build(request),
    ]);
    expect(two.jobId).toBe(one.jobId);
    expect(await jobEnd(app, auditId, one.jobId)).toMatchObject({ state: "done" });
  });

  it("answers an address that is no text as a bad request", async () => {
    expect((await get("/%ff")).status).toBe(400);
  });

  it("says in the catalogue's words why a stream failed", async () => {
    const folder = join(app.folder, "no-images");
    const { mkdirSync } = await import("node:fs");
    mkdirSync(folder);
    const images = await app.places.idFor(folder);
    const sources = { images, labels: null, classes: null, evidence: null };
    const reading = async () => {
      for await (const _ of await app.client.intake.previewDataset(sources)) continue;
    };
    await expect(reading()).rejects.toMatchObject({ code: "dataset/empty" });
  });

  it("refuses a name that leads out of its folder", async () => {
    const images = smallDemo(join(app.folder, "named"), 1);
    for (const name of [
      "../escaped",
      "a/b",
      "..",
      ".hidden",
      "con",
      "nul.txt",
      "a\\b",
      "x\u0000y",
      "dot.",
    ]) {
      await expect(createDemoAudit(app, images, name)).rejects.toThrow();
    }
    expect(existsSync(join(app.folder, "..", "escaped.hansight"))).toBe(false);
  });

  it("refuses a class that the model does not have, before any mapping", async () => {
    const { models } = await app.client.audits.get({ auditId });
    const plan = {
      auditId,
      modelId: models[0].id,
      method: null,
      tap: null,
      secondMethod: null,
      seed: 1,
      items: null,
      again: true,
    };
    await expect(
      app.client.runs.create({ ...plan, target: { kind: "class", index: 99 } }),
    ).rejects.toMatchObject({ code: "run/no-such-class", details: { index: 99, last: 3 } });
  });

  it("refuses what it cannot make an audit of, before anything is written", async () => {
    const empty = join(app.folder, "empty");
    const { mkdirSync } = await import("node:fs");
    mkdirSync(empty);
    writeFileSync(join(empty, "scan.raw"), "x");
    await expect(createDemoAudit(app, empty, "nothing")).rejects.toMatchObject({
      code: "dataset/empty",
    });
    expect(existsSync(join(app.folder, "nothing.hansight"))).toBe(false);
    await expect(
      createDemoAudit(app, smallDemo(join(app.folder, "again"), 1), "test"),
    ).rejects.toMatchObject({
      code: "audit/exists",
    });
  });
});
