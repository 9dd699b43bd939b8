import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AuditId } from "../shared/domain/ids.ts";
import { openAudit } from "../src-main/store/open-audit.ts";
import {
  createTestApp,
  demoFolder,
  jobEnd,
  noOverrides,
  startDemoRun,
  type TestApp,
} from "./support/test-app.ts";
import { writeDicom } from "./support/write-dicom.ts";

/** Four CT slices of two frames: a ramp from −1000 to 1000 HU, turned a little in each. */
function writeScans(folder: string): void {
  mkdirSync(folder);
  const side = 96;
  for (let no = 0; no < 4; no++) {
    const frames = [0, 1].map((f) =>
      Uint16Array.from({ length: side * side }, (_, i) => {
        const along = (i % side) * (1 - no / 8) + Math.floor(i / side) * (no / 8);
        return Math.round((along / side) * 2000) + 24 + 200 * f; // minus 1024 it is −1000 … 1200 HU
      }),
    );
    const bytes = writeDicom(
      "explicit",
      [
        { tag: 0x00080016, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.2" },
        { tag: 0x00080018, vr: "UI", value: `2.25.4712.${no}` },
        { tag: 0x00080060, vr: "CS", value: "CT" },
        { tag: 0x00281050, vr: "DS", value: "40" },
        { tag: 0x00281051, vr: "DS", value: "400" },
        { tag: 0x00281052, vr: "DS", value: "-1024" },
        { tag: 0x00281053, vr: "DS", value: "1" },
      ],
      { rows: side, columns: side, frames, photometric: "MONOCHROME2" },
    );
    writeFileSync(join(folder, `IM${no}`), bytes);
  }
}

const main = join(import.meta.dirname, "../src-main/cli/main.ts");
const model = join(demoFolder, "chest-resnet.onnx");
const classes = join(demoFolder, "classes.txt");
let app: TestApp;
let scans: string;

beforeAll(async () => {
  app = await createTestApp();
  scans = join(app.folder, "scans");
  writeScans(scans);
});
afterAll(() => app.remove());

async function logitsByWindow(window: string | null): Promise<number[][]> {
  const place = (path: string) => app.places.idFor(path);
  const { auditId } = await app.client.intake.create({
    name: `by-window-${window?.replace("/", "-") ?? "stored"}`,
    into: await place(app.folder),
    sources: {
      images: await place(scans),
      labels: null,
      classes: await place(classes),
      evidence: null,
      model: await place(model),
    },
    overrides: { ...noOverrides, preset: "grey-imagenet", window },
    purpose: "",
  });
  const { jobId } = await startDemoRun(app, auditId);
  if (!jobId) throw new Error("the run was not started");
  await jobEnd(app, auditId, jobId);
  return logitsOf(app.folderOf(auditId as AuditId));
}

function logitsByCommand(window: string): number[][] {
  const out = join(app.folder, "by-command.hansight");
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      main,
      "audit",
      scans,
      "--model",
      model,
      "--classes",
      classes,
      "--preset",
      "grey-imagenet",
    ].concat(["--window", window, "--no-sheet", "--out", out]),
    { encoding: "utf8", env: { ...process.env, HANSIGHT_HOME: join(app.folder, "home-2") } },
  );
  expect(status, stderr).toBe(0);
  return logitsOf(out);
}

function logitsOf(folder: string): number[][] {
  const store = openAudit(folder, { readOnly: true });
  const [run] = store.runs();
  const items = [...store.allItems()];
  expect(items.map(({ frame }) => frame)).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
  const logits = items.map(({ no }) => [...(store.logits(run.id, no) ?? [])]);
  store.closeNow();
  return logits;
}

it("the same files by the same window give the same logits, from the window and from the command line", async () => {
  const byWindow = await logitsByWindow("lung");
  expect(byWindow.every((logits) => logits.length > 1)).toBe(true);
  expect(logitsByCommand("lung")).toEqual(byWindow);
});

it("a window is not the files' own, nor another's; a preset is what its numbers are", async () => {
  const stored = await logitsByWindow(null);
  const lung = await logitsByWindow("-600/1500");
  expect(lung).not.toEqual(stored);
  expect(await logitsByWindow("40/400")).toEqual(stored); // as the files state
  expect(await logitsByWindow("modality")).not.toEqual(stored);
});

it("a disc pulled while it is mapped costs rows that say so, and nothing else: put back, the run goes on", async () => {
  const disc = join(app.folder, "disc");
  writeScans(disc);
  const place = (path: string) => app.places.idFor(path);
  const { auditId } = await app.client.intake.create({
    name: "pulled",
    into: await place(app.folder),
    sources: {
      images: await place(disc),
      labels: null,
      classes: await place(classes),
      evidence: null,
      model: await place(model),
    },
    overrides: { ...noOverrides, preset: "grey-imagenet" },
    purpose: "",
  });
  const away = ["IM1", "IM3"].map((name) => [join(disc, name), join(app.folder, name)]);
  for (const [from, to] of away) renameSync(from, to);
  const { jobId } = await startDemoRun(app, auditId);
  if (!jobId) throw new Error("the run was not started");
  expect((await jobEnd(app, auditId, jobId)).state).toBe("done-faults");
  const { runs } = await app.client.audits.get({ auditId });
  const failures = await app.client.runs.failures({ auditId, run: runs[0].id });
  expect(failures.map(({ name, error }) => [name, error.code])).toEqual([
    ["IM1 · frame 1", "image/missing"],
    ["IM1 · frame 2", "image/missing"],
    ["IM3 · frame 1", "image/missing"],
    ["IM3 · frame 2", "image/missing"],
  ]);
  for (const [from, to] of away) renameSync(to, from);
  const again = await app.client.runs.resume({ auditId, jobId });
  expect((await jobEnd(app, auditId, again.id)).state).toBe("done");
  const { items } = await app.client.audits.get({ auditId });
  const rows = await app.client.audits.rows({
    auditId,
    run: runs[0].id,
    items: Array.from({ length: items }, (_, no) => no),
  });
  expect(rows.map(({ isMissing, error }) => isMissing || error !== null)).toEqual(
    new Array(8).fill(false),
  );
});
