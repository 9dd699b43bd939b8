import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AuditId } from "../../shared/domain/ids.ts";
import { openAudit } from "../../src-main/store/open-audit.ts";
import { createTestApp, demoFolder, jobEnd, noOverrides, startDemoRun, type TestApp } from "../support/test-app.ts";

const truth = JSON.parse(readFileSync(join(import.meta.dirname, "../corpus/demo/expected.json"), "utf8")) as {
  logits: Record<string, Record<string, number[]>>;
}; // made with the demo data

let app: TestApp;
let auditId: AuditId;
let folder: string;

beforeAll(async () => {
  app = await createTestApp();
  const place = (path: string) => app.places.idFor(path);
  ({ auditId } = await app.client.intake.create({
    name: "demo",
    into: await place(app.folder),
    sources: {
      images: await place(join(demoFolder, "images")),
      labels: await place(join(demoFolder, "labels.csv")),
      classes: await place(join(demoFolder, "classes.txt")),
      evidence: await place(join(demoFolder, "evidence.csv")),
      model: await place(join(demoFolder, "chest-resnet.onnx")),
    },
    overrides: { ...noOverrides, preset: "grey-imagenet", resample: "area" },
    purpose: "",
  }));
  const { jobId } = await startDemoRun(app, auditId);
  if (!jobId) throw new Error("the run was not started");
  await jobEnd(app, auditId, jobId);
  folder = app.folderOf(auditId);
}, 300_000);
afterAll(() => app.remove());

it("gives the demo set's logits to 1e-3, for all 240 images", async () => {
  const { runs } = await app.client.audits.get({ auditId });
  const store = openAudit(folder, { readOnly: true });
  let largest = 0;
  for (const { no, path } of store.allItems()) {
    const expected = truth.logits[path]["chest-resnet"];
    const given = store.logits(runs[0].id, no);
    expected.forEach((value, c) => (largest = Math.max(largest, Math.abs(value - (given?.[c] ?? NaN)))));
  }
  store.closeNow();
  expect(largest).toBeLessThan(1e-3);
});

it("answers 210 of the 240 demo images, and names most of the planted ones right for the wrong reason", async () => {
  const { runs } = await app.client.audits.get({ auditId });
  const summary = await app.client.audits.summary({ auditId, run: runs[0].id, top: 10 });
  expect(summary.answered).toEqual({ right: 210, n: 240 });
  expect(Object.values(summary.quadrants).reduce((sum, n) => sum + n, 0)).toBe(240);
  expect(summary.quadrants["right-off"]).toBeGreaterThanOrEqual(38);
  expect(summary.suspects).toHaveLength(10);
  for (const { why } of summary.suspects) expect(why).toMatch(/outside the evidence/);
});

it("opens with CAM by closed form and Recipro-CAM for agreement, on a seeded sample", async () => {
  const { runs } = await app.client.audits.get({ auditId });
  expect(runs[0]).toMatchObject({ method: "cam", secondMethod: "recipro-cam", gradient: "closed-form" });
  const store = openAudit(folder, { readOnly: true });
  const measures = [...store.measures(runs[0].id)].map((one) => one.measures.agreement);
  store.closeNow();
  expect(measures.filter((value) => typeof value === "number")).toHaveLength(24); // 10 % of 240
  expect(measures.filter((value) => value === "not-in-sample")).toHaveLength(216);
});
