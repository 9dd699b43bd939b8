import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createDemoAudit,
  createTestApp,
  demoFolder,
  jobEnd,
  smallDemo,
  type TestApp,
} from "../../test/support/test-app.ts";
import type { RunPlan } from "../../shared/contract/runs.ts";
import type { AuditId } from "../../shared/domain/ids.ts";

const [deep, fine] = ["/body/body.7/Relu_1_output_0", "/body/body.3/Relu_1_output_0"];

let app: TestApp;
let auditId: AuditId;
beforeAll(async () => {
  app = await createTestApp();
  auditId = await createDemoAudit(app, smallDemo(app.folder, 1));
});
afterAll(() => app.remove());

async function make(changes: Partial<RunPlan>) {
  const { models } = await app.client.audits.get({ auditId });
  const { jobId, existing } = await app.client.runs.create({
    auditId,
    modelId: models[0].id,
    method: "layercam",
    tap: null,
    target: { kind: "class", index: 1 },
    secondMethod: null,
    seed: 1,
    items: [0, 1],
    again: false,
    ...changes,
  });
  if (jobId) await jobEnd(app, auditId, jobId);
  const { runs } = await app.client.audits.get({ auditId });
  return { existing, run: runs.at(-1) ?? expect.unreachable() };
}

describe("runs of several layers or models", () => {
  it("are kept with their layers: the same ones are the same run, another rule is another", async () => {
    const { run } = await make({ fusion: { taps: [deep, fine], how: "gate" } });
    expect(run).toMatchObject({ done: 2, failed: 0 });
    expect(run.tap.fusion).toEqual({ taps: [deep, fine], how: "gate" });
    const again = await make({ fusion: { taps: [fine, deep], how: "gate" } });
    expect(again.existing?.id).toBe(run.id);
    const other = await make({ fusion: { taps: [deep, fine], how: "product" } });
    expect(other.existing).toBeNull();
    expect(other.run.id).not.toBe(run.id);
    const single = await make({ tap: fine });
    expect(single.existing).toBeNull();
  });

  it("have no reliability sheet: that is of one layer of one model", async () => {
    const { run } = await make({ fusion: { taps: [deep, fine], how: "mean" } });
    await expect(app.client.sheets.make({ auditId, run: run.id })).rejects.toMatchObject({
      code: "sheet/one-layer",
    });
    const jobs = await app.client.runs.jobs({ auditId });
    expect(jobs.some((job) => job.kind === "sheet" && job.run === run.id)).toBe(false);
  });

  it("hold what the further models were, by hash and output and not by path", async () => {
    const model = await app.places.idFor(join(demoFolder, "chest-resnet.onnx"));
    const wish = { method: "rcs-mlff-binary", others: [{ model, output: 1 }] } as const;
    const { run } = await make({ ...wish, others: [...wish.others] });
    expect(run.done).toBe(2);
    expect(run.others).toEqual([
      {
        fileName: "chest-resnet.onnx",
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        output: 1,
      },
    ]);
    expect((await make({ ...wish, others: [...wish.others] })).existing?.id).toBe(run.id);
    const rival = await make({ ...wish, others: [{ model, output: 2 }] });
    expect(rival.existing).toBeNull();
    expect(JSON.stringify(rival.run)).not.toContain(app.folder);
  });
});
