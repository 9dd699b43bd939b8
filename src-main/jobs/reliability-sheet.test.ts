import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createDemoAudit,
  createTestApp,
  jobEnd,
  smallDemo,
  startDemoRun,
  type TestApp,
} from "../../test/support/test-app.ts";
import type { AuditId, RunId } from "../../shared/domain/ids.ts";
import { isEnded } from "../../shared/domain/job.ts";

let app: TestApp;
let auditId: AuditId;
let run: RunId;
beforeAll(async () => {
  app = await createTestApp();
  auditId = await createDemoAudit(app, smallDemo(app.folder, 3));
  const { jobId } = await startDemoRun(app, auditId);
  if (jobId) await jobEnd(app, auditId, jobId);
  run = (await app.client.audits.get({ auditId })).runs[0].id;
});
afterAll(() => app.remove());

describe("a reliability sheet", () => {
  it("is made on request, stands in the record, and holds until it is made again", async () => {
    const { client } = app;
    expect(await client.sheets.get({ auditId, run })).toBeNull();
    const { jobId } = await client.sheets.make({ auditId, run });
    const job = await jobEnd(app, auditId, jobId ?? expect.unreachable());
    expect(job).toMatchObject({ kind: "sheet", run, state: "done" });
    expect(job.tried).toBe(job.planned);
    const sheet = await client.sheets.get({ auditId, run });
    expect(sheet).toMatchObject({ images: 12, method: "cam", seed: 1, order: "cascade" });
    // Every picture of the sheet is one of the run, and its map comes out as the run stored it.
    expect(sheet?.stepZero).toEqual({ compared: 12, exact: 12, difference: 0 });
    const { runs, recordNo } = await client.audits.get({ auditId });
    expect(runs[0]?.sheet).toBe(sheet?.verdict);
    const [entry] = await client.audits.record({ auditId, from: recordNo, limit: 1 });
    expect(entry).toMatchObject({ action: "sheet.make", object: `sheet/${sheet?.id}` });

    const again = await client.sheets.make({ auditId, run });
    expect(again).toEqual({ jobId: null, existing: sheet });
    const anew = await client.sheets.make({ auditId, run, order: "independent", again: true });
    await jobEnd(app, auditId, anew.jobId ?? expect.unreachable());
    expect(await client.sheets.get({ auditId, run })).toMatchObject({ order: "independent" });
  });

  it("follows a run by itself unless it is made already, and holds for another target", async () => {
    const { client } = app;
    const { models } = await client.audits.get({ auditId });
    const plan = {
      auditId,
      modelId: models[0].id,
      tap: null,
      secondMethod: null,
      seed: 1,
      items: [0, 1],
      again: false,
    };
    const make = async (method: "eigen-cam" | "cam") => {
      const target = { kind: "label" } as const;
      const { jobId } = await client.runs.create({ ...plan, method, target });
      await jobEnd(app, auditId, jobId ?? expect.unreachable());
      const jobs = await client.runs.jobs({ auditId });
      const made = jobs.find(({ id }) => id === jobId)?.run;
      return { made, sheet: jobs.find((job) => job.kind === "sheet" && job.run === made) };
    };
    const fresh = await make("eigen-cam");
    const job = await jobEnd(app, auditId, fresh.sheet?.id ?? expect.unreachable());
    expect(job.state).toBe("done");
    const sheet = await client.sheets.get({ auditId, run: fresh.made ?? expect.unreachable() });
    expect(sheet).toMatchObject({ isHeadOnlySame: true, isClassSpecific: false, images: 12 });

    const known = await make("cam");
    expect(known.sheet).toBeUndefined();
    const { runs } = await client.audits.get({ auditId });
    expect(runs.at(-1)?.sheet).toBe(runs[0]?.sheet);
  });

  it("that failed gives its warning to every item of the runs that it holds for", async () => {
    const { client } = app;
    const { models } = await client.audits.get({ auditId });
    // Positive gradients times activations at an early layer: the picture's own edges.
    const { jobId } = await client.runs.create({
      auditId,
      modelId: models[0].id,
      method: "layercam",
      tap: "/body/body.3/Relu_1_output_0",
      target: { kind: "predicted" },
      secondMethod: null,
      seed: 1,
      items: null,
      again: false,
      sheet: false,
    });
    const made = (await jobEnd(app, auditId, jobId ?? expect.unreachable())).run;
    const of = { auditId, run: made ?? expect.unreachable() };
    const reasons = () =>
      Promise.all(
        Array.from({ length: 12 }, async (_, item) => {
          const { why } = await client.audits.detail({ ...of, item });
          return why ?? "";
        }),
      );
    const before = await reasons();
    const { jobId: sheetJob } = await client.sheets.make(of);
    await jobEnd(app, auditId, sheetJob ?? expect.unreachable());
    expect(await client.sheets.get(of)).toMatchObject({ verdict: "failed" });
    const isScored = (why: string) => /^(Right|Wrong)/.test(why); // the others stand on a shelf already
    expect(before.some(isScored)).toBe(true);
    expect(await reasons()).toEqual(
      before.map((why) =>
        isScored(why) ? `${why} The reliability sheet of these maps did not pass.` : why,
      ),
    );
  });

  it("can be cancelled, and is then not made", async () => {
    const { client } = app;
    const before = await client.sheets.get({ auditId, run });
    const { jobId } = await client.sheets.make({ auditId, run, isSmooth: true, again: true });
    const id = jobId ?? expect.unreachable();
    for await (const jobs of await client.runs.watch({ auditId })) {
      const job = jobs.find((one) => one.id === id);
      if (job && job.tried > 0 && !isEnded(job.state)) {
        await client.runs.cancel({ auditId, jobId: id });
        break;
      }
    }
    expect((await jobEnd(app, auditId, id)).state).toBe("cancelled");
    expect(await client.sheets.get({ auditId, run })).toEqual(before);
  });

  it("says by name why it cannot be made", async () => {
    const images = join(app.folder, "images");
    renameSync(images, `${images}-away`);
    const { jobId } = await app.client.sheets.make({ auditId, run, again: true });
    const job = await jobEnd(app, auditId, jobId ?? expect.unreachable());
    expect(job).toMatchObject({ state: "failed", cause: { code: "sheet/no-images" } });
    renameSync(`${images}-away`, images);
  });
});
