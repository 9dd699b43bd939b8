import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { graphClasses, graphModel } from "../../test/support/graph-model.ts";
import {
  createTestApp,
  jobEnd,
  noOverrides,
  smallDemo,
  type TestApp,
} from "../../test/support/test-app.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { sheetSentence } from "../../shared/domain/sheet-words.ts";

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  smallDemo(app.folder, 3);
});
afterAll(() => app.remove());

type Files = ReturnType<typeof graphModel>;

async function auditOf(name: string, files: Files): Promise<AuditId> {
  const folder = join(app.folder, name);
  mkdirSync(folder);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  const names = Array.from({ length: graphClasses }, (_, i) => `class ${i}`);
  writeFileSync(join(folder, "classes.txt"), names.join("\n"));
  const place = (path: string) => app.places.idFor(path);
  const { auditId } = await app.client.intake.create({
    name,
    into: await place(app.folder),
    sources: {
      images: await place(join(app.folder, "images")),
      labels: null,
      classes: await place(join(folder, "classes.txt")),
      evidence: null,
      model: await place(join(folder, "model.json")),
    },
    overrides: { ...noOverrides, preset: "unit" },
    purpose: "",
  });
  return auditId;
}

/** Maps every image with Grad-CAM, then makes the sheet of the run. */
async function sheetOf(name: string, files: Files) {
  const { client } = app;
  const auditId = await auditOf(name, files);
  const { models } = await client.audits.get({ auditId });
  const { jobId } = await client.runs.create({
    auditId,
    modelId: models[0].id,
    method: "grad-cam",
    tap: null,
    target: { kind: "predicted" },
    secondMethod: null,
    seed: 1,
    items: null,
    again: false,
    sheet: false,
  });
  const { run } = await jobEnd(app, auditId, jobId ?? expect.unreachable());
  const of = { auditId, run: run ?? expect.unreachable() };
  const made = await client.sheets.make(of);
  const job = await jobEnd(app, auditId, made.jobId ?? expect.unreachable());
  expect(job).toMatchObject({ state: "done" });
  const { runs } = await client.audits.get({ auditId });
  return { sheet: (await client.sheets.get(of)) ?? expect.unreachable(), state: runs[0]?.sheet };
}

/** Every tensor of weights one number throughout: a draw of the same mean and deviation is the same tensor. */
function flat(files: Files): Files {
  const values = new Float32Array(new Uint8Array(files["weights.bin"]).buffer);
  const { weightsManifest } = JSON.parse(files["model.json"]) as {
    weightsManifest: { weights: { shape: number[]; dtype: string }[] }[];
  };
  let at = 0;
  for (const { shape, dtype } of weightsManifest[0]?.weights ?? []) {
    const count = shape.reduce((size, dim) => size * dim, 1);
    if (dtype === "float32") values.fill(0.25, at, at + count);
    at += count;
  }
  return { ...files, "weights.bin": new Uint8Array(values.buffer) };
}

describe("a reliability sheet of a TensorFlow model", () => {
  it("is made of the run's own maps, which are gone with the weights", async () => {
    const { sheet, state } = await sheetOf("learnt", graphModel());
    expect(sheet).toMatchObject({ verdict: "passed", images: 12, layers: 3, order: "cascade" });
    expect(sheet.stepZero).toEqual({ compared: 12, exact: 12, difference: 0 });
    expect(sheet.steps.map(({ layers }) => layers)).toEqual([
      ["scores/product"],
      ["scores/product", "features/conv"],
      ["scores/product", "features/conv", "stem"],
    ]);
    expect(state).toBe("passed");
    expect(sheetSentence(sheet)).toMatch(/^Reliability sheet passed: .* Grad-CAM gives other maps/);
  });

  it("fails where no draw of weights changes a map, and the run says so", async () => {
    const { sheet, state } = await sheetOf("flat", flat(graphModel()));
    expect(sheet).toMatchObject({ verdict: "failed", layers: 3 });
    expect(sheet.reasons).toContain("spearman");
    for (const { spearman } of sheet.steps) expect(spearman.mean).toBe(1);
    expect(state).toBe("failed");
    expect(sheetSentence(sheet)).toMatch(
      /^Reliability sheet failed: with random weights the maps stay/,
    );
  });
});
