import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AuditId } from "../shared/domain/ids.ts";
import { openAudit } from "../src-main/store/open-audit.ts";
import { writeDemoDicom, type DemoDicom } from "./support/demo-dicom.ts";
import {
  createTestApp,
  demoFolder,
  jobEnd,
  noOverrides,
  startDemoRun,
  type TestApp,
} from "./support/test-app.ts";

const truth = JSON.parse(
  readFileSync(join(import.meta.dirname, "corpus/demo/expected.json"), "utf8"),
) as { logits: Record<string, Record<string, number[]>> }; // of the JPEG files, made with the demo data

let app: TestApp;
let demo: DemoDicom;
let auditId: AuditId;
let folder: string;

beforeAll(async () => {
  app = await createTestApp();
  demo = await writeDemoDicom(join(app.folder, "disc"));
  const place = (path: string) => app.places.idFor(path);
  ({ auditId } = await app.client.intake.create({
    name: "clinic",
    into: await place(app.folder),
    sources: {
      images: await place(demo.images),
      labels: await place(demo.labels),
      classes: await place(join(demoFolder, "classes.txt")),
      evidence: null,
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

it("gives the JPEG files' logits to 1e-3, whatever syntax and photometric a file has", async () => {
  const { runs } = await app.client.audits.get({ auditId });
  const store = openAudit(folder, { readOnly: true });
  const byPath = new Map(demo.items.map((item) => [item.path, item]));
  let largest = 0;
  let n = 0;
  for (const { no, path, label } of store.allItems()) {
    const item = byPath.get(path) ?? expect.unreachable();
    expect(label).toBe(item.label);
    const expected = truth.logits[item.jpeg]["chest-resnet"];
    const given = store.logits(runs[0].id, no);
    expected.forEach((value, c) => {
      largest = Math.max(largest, Math.abs(value - (given?.[c] ?? NaN)));
    });
    n++;
  }
  store.closeNow();
  expect(n).toBe(200);
  expect(largest).toBeLessThan(1e-3);
});

it("groups by patient as labels.csv has them, by keys that tell nobody who they are", () => {
  const store = openAudit(folder, { readOnly: true });
  const groups = new Map<string, Set<string>>();
  const items = [...store.allItems()];
  for (const { path, group, study } of items) {
    const patient = demo.items.find((item) => item.path === path)?.patient ?? "";
    expect(group).toMatch(/^[\da-f]{32}$/);
    expect(study).toMatch(/^[\da-f]{32}$/);
    groups.set(patient, (groups.get(patient) ?? new Set()).add(group ?? ""));
  }
  store.closeNow();
  const keys = [...groups.values()];
  expect(keys.every((own) => own.size === 1)).toBe(true);
  expect(new Set(keys.flatMap((own) => [...own])).size).toBe(groups.size);
});

it("leaves no planted word in any file of the audit", () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThan(3);
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name)).toString("latin1").toLowerCase();
    for (const word of demo.planted) {
      expect(bytes.includes(word.toLowerCase()), `${word} in ${name}`).toBe(false);
    }
  }
});
