import { afterAll, beforeAll, expect, it } from "vitest";
import { commandSchema } from "../../shared/contract/schemas.ts";
import type { AuditId, RegionId, RunId } from "../../shared/domain/ids.ts";
import { testFacts } from "../../shared/domain/region-test.ts";
import {
  createDemoAudit,
  createTestApp,
  jobEnd,
  smallDemo,
  startDemoRun,
  type TestApp,
} from "../../test/support/test-app.ts";

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

const where = { shape: { kind: "rect", x: 0.3, y: 0.4, w: 0.2, h: 0.15 } } as const;

it("tests a shape, answers with the numbers and shows them with the item", async () => {
  const test = await app.client.tests.run({ auditId, run, item: 0, where });
  const { result } = test;
  const detail = await app.client.audits.detail({ auditId, run, item: 0 });
  expect(detail.tests.map(({ id }) => id)).toEqual([test.id]);
  expect(result.scoreBefore).toBeCloseTo(detail.row.confidence ?? NaN, 4);
  expect(result.controls).toHaveLength(20);
  expect(result.isByHeat).toBe(true);
  expect(testFacts(result).rank).not.toBeNull();
  const jobs = await app.client.runs.jobs({ auditId });
  expect(jobs.filter(({ kind }) => kind === "test")).toMatchObject([{ state: "done" }]);
});

it("gives the same numbers twice", async () => {
  const one = await app.client.tests.run({ auditId, run, item: 1, where });
  const two = await app.client.tests.run({ auditId, run, item: 1, where });
  expect(two.id).not.toBe(one.id);
  expect(two.result).toEqual(one.result);
});

it("refuses a region that the item does not have, and a shape beside the picture", async () => {
  const region = "nowhere" as RegionId;
  await expect(
    app.client.tests.run({ auditId, run, item: 0, where: { region } }),
  ).rejects.toMatchObject({ code: "test/no-region" });
  const outside = { shape: { ...where.shape, x: 1.2 } };
  await expect(
    app.client.tests.run({ auditId, run, item: 0, where: outside }),
  ).rejects.toMatchObject({ code: "test/outside" });
  expect((await app.client.audits.detail({ auditId, run, item: 0 })).tests).toHaveLength(1);
});

it("takes no result that a window states by itself", async () => {
  const [entry] = (await app.client.audits.record({ auditId, from: 1, limit: 1000 })).filter(
    ({ action }) => action === "test.run",
  );
  const forged = { kind: "test.run", id: "c", readerId: "r", ...(entry.after as object) };
  expect(commandSchema.safeParse(forged).success).toBe(false);
});
