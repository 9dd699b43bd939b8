import { fork, spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { randomFrom } from "../shared/statistics/sample.ts";
import type { AuditId } from "../shared/domain/ids.ts";
import type { MethodId } from "../shared/domain/method-id.ts";
import { forkNode, type ForkEngine } from "../src-main/engine/client.ts";
import { openAudit } from "../src-main/store/open-audit.ts";
import {
  createDemoAudit,
  createTestApp,
  jobEnd,
  smallDemo,
  startDemoRun,
  type TestApp,
} from "./support/test-app.ts";

/** Kills in all, half of the engine and half of the host: 40 in `npm test`, 200 in `npm run soak`. */
const kills = Number(process.env["HANSIGHT_KILLS"] ?? 40) / 2;
const perClass = 30;
const seed = 20_260_101;
const batch = 16;

let app: TestApp | null = null;
afterEach(async () => {
  await app?.remove();
  app = null;
});

describe("runs under kills", () => {
  it(
    `counts every item once when the engine is killed ${kills} times`,
    { timeout: 1_800_000 },
    async () => {
      const random = randomFrom(seed);
      const alive = new Set<() => void>();
      let sent = 0;
      const forkCounted: ForkEngine = (role) => {
        const entry = join(import.meta.dirname, "../src-main/engine/child.ts");
        const child = fork(entry, [role], {
          serialization: "advanced",
          stdio: ["ignore", "ignore", "ignore", "ipc"],
        });
        child.on("error", () => child.kill());
        const kill = () => void child.kill("SIGKILL");
        if (role === "maps") alive.add(kill);
        child.once("exit", () => alive.delete(kill));
        return {
          send: (call) => {
            if (call.name === "maps") sent += (call.input as { items: unknown[] }).items.length;
            child.send(call, () => undefined);
          },
          onMessage: (listener) => void child.on("message", listener),
          onExit: (listener) => void child.once("exit", listener),
          kill,
        };
      };
      app = await createTestApp({ fork: forkCounted });
      const auditId = await createDemoAudit(app, smallDemo(app.folder, perClass));
      let killed = 0;
      let planned = 0;
      while (killed < kills) {
        const { jobId } = await startDemoRun(app, auditId, true);
        if (!jobId) throw new Error("the run was not started");
        planned += perClass * 4;
        const ended = jobEnd(app, auditId, jobId);
        let isOver = false;
        let tried = 0;
        let sinceProgress = 0;
        void ended.then(() => (isOver = true));
        while (!isOver && killed < kills) {
          await pause(100 + random() * 700);
          // Three crashes on one batch are the batch's own fault; a test that kills faster would prove nothing else.
          const [job] = await app.client.runs.jobs({ auditId }).then((jobs) => jobs.slice(-1));
          if (job.tried > tried) [tried, sinceProgress] = [job.tried, 0];
          if (isOver || alive.size === 0 || sinceProgress === 2) continue;
          sinceProgress += 1;
          for (const kill of alive) kill();
          killed += 1;
        }
        expect(await ended).toMatchObject({ state: "done", tried: perClass * 4, failed: 0 });
      }
      for (const run of (await app.client.audits.get({ auditId })).runs) {
        expect(run).toMatchObject({ done: perClass * 4, failed: 0, planned: perClass * 4 });
      }
      expect(sent).toBeLessThanOrEqual(planned + killed * batch);
    },
  );

  it(
    `counts every item once when the host is killed ${kills} times`,
    { timeout: 1_800_000 },
    async () => {
      const random = randomFrom(seed + 1);
      app = await createTestApp();
      const auditId = await createDemoAudit(app, smallDemo(app.folder, perClass));
      const folder = app.folderOf(auditId);
      const home = process.env["HANSIGHT_HOME"];
      await app.close();
      const main = join(import.meta.dirname, "../src-main/cli/main.ts");
      for (let killed = 0; killed < kills;) {
        const args = [main, "run", folder, "--json"];
        const child = spawn(process.execPath, args, {
          stdio: "ignore",
          env: { ...process.env, HANSIGHT_HOME: home },
        });
        const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
        const first = await Promise.race([
          exited,
          pause(400 + random() * 2600).then(() => "still running" as const),
        ]);
        if (first === "still running") {
          child.kill("SIGKILL");
          await exited;
          killed += 1;
        } else expect(first).toBe(0);
        checkStore(folder);
      }
      const last = spawn(process.execPath, [main, "run", folder, "--json"], {
        stdio: "ignore",
        env: { ...process.env, HANSIGHT_HOME: home },
      });
      expect(await new Promise((resolve) => last.once("exit", resolve))).toBe(0);
      const runs = checkStore(folder);
      expect(runs.at(-1)).toMatchObject({ done: perClass * 4, failed: 0, planned: perClass * 4 });
    },
  );

  it(
    "goes on with its own method when its engine was killed while it was paused",
    { timeout: 120_000 },
    async () => {
      const { fork: forkKillable, kill } = killableMaps();
      app = await createTestApp({ fork: forkKillable });
      const { client } = app;
      const images = smallDemo(app.folder, 12);
      const [a, b] = [
        await createDemoAudit(app, images, "a"),
        await createDemoAudit(app, images, "b"),
      ];
      const run = async (auditId: AuditId, method: MethodId, again = false) => {
        const [model] = (await client.audits.get({ auditId })).models;
        const plan = {
          auditId,
          modelId: model.id,
          method,
          tap: null,
          target: { kind: "predicted" },
          secondMethod: null,
          seed: 1,
          items: null,
          again,
        } as const;
        const { jobId } = await client.runs.create(plan);
        if (!jobId) throw new Error("the run was not started");
        return jobId;
      };
      const paused = await run(a, "hirescam");
      for await (const jobs of await client.runs.watch({ auditId: a })) {
        if (jobs.some(({ tried }) => tried > 0)) break;
      }
      await client.runs.pause({ auditId: a, jobId: paused });
      await pause(500);
      kill();
      await jobEnd(app, b, await run(b, "eigen-cam"));
      await client.runs.resume({ auditId: a, jobId: paused });
      expect(await jobEnd(app, a, paused)).toMatchObject({ state: "done", failed: 0 });
      await jobEnd(app, a, await run(a, "hirescam", true));
      const [mixed, clean] = (await client.audits.get({ auditId: a })).runs;
      const store = openAudit(app.folderOf(a), { readOnly: true });
      for (let item = 0; item < 48; item++) {
        expect(store.readMap(mixed.id, item)?.values).toEqual(
          store.readMap(clean.id, item)?.values,
        );
      }
      store.closeNow();
    },
  );
});

/** Forks real engines, and kills those that map. */
function killableMaps(): { fork: ForkEngine; kill: () => void } {
  const alive = new Set<() => void>();
  return {
    kill: () => alive.forEach((kill) => kill()),
    fork: (role, isAgain) => {
      const child = forkNode(role, isAgain);
      if (role === "maps") alive.add(child.kill);
      child.onExit(() => alive.delete(child.kill));
      return child;
    },
  };
}

/** The store opens, its record holds, and every run has as many different items as it counts. */
function checkStore(folder: string) {
  const store = openAudit(folder);
  try {
    expect(store.verifyRecord()).toEqual([]);
    const runs = store.runs();
    for (const run of runs) {
      const items = store.predictions(run.id).map(({ item }) => item);
      expect(new Set(items).size).toBe(items.length);
      expect(items.length).toBe(run.done);
      expect(items.length + store.pendingItems(run.id).length + run.failed).toBe(run.planned);
      for (const item of items) expect(store.readMap(run.id, item)).not.toBeNull();
    }
    return runs;
  } finally {
    store.closeNow();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
