import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditId } from "../../shared/domain/ids.ts";
import type { FitChoice } from "../../shared/contract/runs.ts";
import { forkNode, type ForkEngine } from "../engine/client.ts";
import {
  createDemoAudit,
  createTestApp,
  demoFolder,
  jobEnd,
  noOverrides,
  smallDemo,
  type TestApp,
} from "../../test/support/test-app.ts";

const perClass = 12;
const count = perClass * 4;

/** An engine whose first process dies when it is asked for the second batch of vectors. */
function dyingEngine(asked: number[][]): ForkEngine {
  let isSpent = false;
  return (role, isAgain) => {
    const child = forkNode(role, isAgain);
    return {
      ...child,
      send: (call) => {
        if (call.name === "fitVectors") {
          const { items } = call.input as { items: readonly { no: number }[] }; // as the protocol says
          asked.push(items.map(({ no }) => no));
          if (!isSpent && asked.length === 2) {
            isSpent = true;
            child.kill();
            return;
          }
        }
        child.send(call);
      },
    };
  };
}

describe("a run whose method learns before it maps", () => {
  const asked: number[][] = [];
  let app: TestApp;
  let auditId: AuditId;
  beforeAll(async () => {
    app = await createTestApp({ fork: dyingEngine(asked) });
    auditId = await createDemoAudit(app, smallDemo(app.folder, perClass));
  });
  afterAll(() => app.remove());

  const plan = async (fit?: FitChoice) => ({
    auditId,
    modelId: (await app.client.audits.get({ auditId })).models[0].id,
    method: "recam" as const,
    tap: null,
    target: { kind: "predicted" } as const,
    secondMethod: null,
    seed: 1,
    items: null,
    again: false,
    ...(fit ? { fit } : {}),
  });

  it("learns, though its engine dies meanwhile, maps, and says what it learnt", async () => {
    const { jobId } = await app.client.runs.create(await plan());
    if (!jobId) throw new Error("the run was not started");
    const job = await jobEnd(app, auditId, jobId);
    expect(job).toMatchObject({ state: "done", tried: count, planned: count, fitting: null });
    const [run] = (await app.client.audits.get({ auditId })).runs;
    expect(run).toMatchObject({
      method: "recam",
      done: count,
      fit: { source: "labels", items: count, failed: 0, classes: [0, 1, 2, 3], mix: "product" },
    });
    expect(run.fit?.heldOut.n).toBeGreaterThan(5);
    expect(run.fit?.sha256).toMatch(/^[0-9a-f]{64}$/);
    // The batch under which the engine died was asked for twice; no other was.
    expect(asked.map((items) => items[0])).toEqual([0, 16, 16, 32]);
    const pack = join(app.folderOf(auditId), "runs", run.id, "fit.pack");
    const vectors = run.fit?.vectors ?? 0;
    expect(statSync(pack).size).toBe(vectors * (8 + 4 * run.tap.grid[0]));
    const detail = await app.client.audits.detail({ auditId, run: run.id, item: 0 });
    expect(detail.map?.rawMax).toBeGreaterThan(0);
  });

  it("is not made twice for the same labels, and anew for another choice of classes", async () => {
    const again = await app.client.runs.create(await plan());
    expect(again.jobId).toBeNull();
    expect(again.existing?.fit).toBeDefined();
    const two = await plan({ classes: ["nodule", "normal"], mix: "softmax-only" });
    const { jobId } = await app.client.runs.create(two);
    if (!jobId) throw new Error("the run was not started");
    await jobEnd(app, auditId, jobId);
    const run = (await app.client.audits.get({ auditId })).runs.at(-1);
    expect(run?.fit).toMatchObject({ classes: [0, 3], mix: "softmax-only", vectors: 2 * perClass });
  });

  it("refuses a class that the model lacks, and one class alone", async () => {
    const unknown = await plan({ classes: ["nodule", "hernia"], mix: null });
    await expect(app.client.runs.create(unknown)).rejects.toMatchObject({
      code: "run/no-such-label",
    });
    const { jobId } = await app.client.runs.create(await plan({ classes: ["nodule"], mix: null }));
    if (!jobId) throw new Error("the run was not started");
    const job = await jobEnd(app, auditId, jobId);
    expect(job).toMatchObject({ state: "failed", cause: { code: "method/too-few-classes" } });
  });

  it("is refused by name outside an audit, and as a second method", async () => {
    const into = join(app.folder, "maps");
    mkdirSync(into);
    const images = join(app.folder, "images", "normal");
    const place = (path: string) => app.places.idFor(path);
    const explaining = async () => {
      for await (const _ of await app.client.models.explain({
        images: [await place(join(images, readdirSync(images)[0]))],
        labels: null,
        model: await place(join(demoFolder, "chest-resnet.onnx")),
        classes: null,
        overrides: { ...noOverrides, method: "recam" },
        targets: [],
        into: await place(into),
      }));
    };
    await expect(explaining()).rejects.toMatchObject({ code: "method/needs-labels" });
    const second = { ...(await plan()), method: "cam" as const, secondMethod: "recam" as const };
    await expect(app.client.runs.create(second)).rejects.toMatchObject({
      code: "method/needs-labels",
    });
  });
});
