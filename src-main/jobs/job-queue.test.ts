import { describe, expect, it } from "vitest";
import type { Job } from "../../shared/domain/job.ts";
import { JobQueue, type JobControl } from "./job-queue.ts";

/** Work that takes a step each time it is told to. */
function steps() {
  let next: () => void = () => undefined;
  const step = () => new Promise<void>((resolve) => (next = resolve));
  return { step, go: () => (next(), new Promise((resolve) => setTimeout(resolve, 1))) };
}

describe("the job queue", () => {
  it("runs one map run after another, and other jobs at once", async () => {
    const queue = new JobQueue();
    const order: string[] = [];
    const slow = steps();
    const first = queue.add({
      kind: "run",
      title: "first",
      work: async () => {
        await slow.step();
        order.push("first");
      },
    });
    const second = queue.add({
      kind: "run",
      title: "second",
      work: () => Promise.resolve(void order.push("second")),
    });
    const report = queue.add({
      kind: "report",
      title: "report",
      work: () => Promise.resolve(void order.push("report")),
    });
    await queue.ended(report.id);
    expect(order).toEqual(["report"]);
    expect(queue.get(second.id)?.state).toBe("waiting");
    await slow.go();
    await queue.ended(second.id);
    expect(order).toEqual(["report", "first", "second"]);
    expect(queue.get(first.id)?.state).toBe("done");
  });

  it("never moves progress back", async () => {
    const queue = new JobQueue();
    const seen: number[] = [];
    const job = queue.add({
      kind: "scan",
      title: "scan",
      planned: 10,
      work: (control) => {
        for (const tried of [1, 5, 3, 7, 2]) {
          control.report({ tried });
          seen.push(queue.list()[0]?.tried ?? -1);
        }
        return Promise.resolve();
      },
    });
    await queue.ended(job.id);
    expect(seen).toEqual([1, 5, 5, 7, 7]);
  });

  it("stands still at a checkpoint while paused, and goes on when resumed", async () => {
    const queue = new JobQueue();
    const pace = steps();
    let passed = 0;
    const job = queue.add({
      kind: "scan",
      title: "scan",
      work: async (control: JobControl) => {
        control.setRunning();
        for (let i = 0; i < 2; i++) {
          await pace.step();
          await control.checkpoint();
          passed += 1;
        }
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
    queue.pause(job.id);
    await pace.go();
    expect([passed, queue.get(job.id)?.state]).toEqual([0, "paused"]);
    queue.resume(job.id);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(passed).toBe(1);
    await pace.go();
    expect((await queue.ended(job.id)).state).toBe("done");
  });

  it("ends a cancelled job as cancelled, also one that is paused", async () => {
    const queue = new JobQueue();
    const job = queue.add({
      kind: "run",
      title: "found unfinished",
      isPaused: true,
      work: () => Promise.reject(new Error("must not begin")),
    });
    expect(queue.get(job.id)?.state).toBe("paused");
    queue.cancel(job.id);
    expect((await queue.ended(job.id)).state).toBe("cancelled");
  });

  it("says why a job failed, and that it is done with faults when items failed", async () => {
    const queue = new JobQueue();
    const broken = queue.add({
      kind: "scan",
      title: "",
      work: () => Promise.reject(new Error("disk")),
    });
    expect(await queue.ended(broken.id)).toMatchObject({
      state: "failed",
      cause: { code: "internal/unexpected", details: { message: "disk" } },
    });
    const faulty = queue.add({
      kind: "scan",
      title: "",
      work: (control) => Promise.resolve(control.report({ tried: 3, failed: 1 })),
    });
    expect((await queue.ended(faulty.id)).state).toBe("done-faults");
  });

  it("estimates the time left only after thirty seconds", async () => {
    let now = 0;
    const queue = new JobQueue({ now: () => now });
    const etas: Job["etaSeconds"][] = [];
    const job = queue.add({
      kind: "scan",
      title: "",
      planned: 100,
      work: (control) => {
        for (const [at, tried] of [
          [10_000, 10],
          [40_000, 40],
        ] as const) {
          now = at;
          control.report({ tried });
          etas.push(queue.list()[0]?.etaSeconds ?? null);
        }
        return Promise.resolve();
      },
    });
    await queue.ended(job.id);
    expect(etas[0]).toBeNull();
    expect(etas[1]?.map(Math.round)).toEqual([51, 75]); // 60 items left at one a second: × 0.85 and × 1.25
  });

  it("lets another run go on while one is paused, and takes the lane back when resumed", async () => {
    const queue = new JobQueue();
    const order: string[] = [];
    const pace = steps();
    const first = queue.add({
      kind: "run",
      title: "first",
      work: async (control) => {
        control.setRunning();
        await pace.step();
        await control.checkpoint();
        order.push("first");
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
    queue.pause(first.id);
    const second = queue.add({
      kind: "run",
      title: "second",
      work: () => Promise.resolve(void order.push("second")),
    });
    await pace.go();
    await queue.ended(second.id);
    queue.resume(first.id);
    await queue.ended(first.id);
    expect(order).toEqual(["second", "first"]);
  });

  it("takes sheets and benches in turn, each a step at a time", { timeout: 5_000 }, async () => {
    const queue = new JobQueue();
    const order: string[] = [];
    const add = (kind: "sheet" | "bench") =>
      queue.add({
        kind,
        title: kind,
        work: async (control: JobControl) => {
          for (const part of [1, 2, 3]) {
            await control.checkpoint();
            order.push(`${kind} ${part}`);
          }
        },
      });
    const [sheet, bench] = [add("sheet"), add("bench")];
    expect((await queue.ended(sheet.id)).state).toBe("done");
    expect((await queue.ended(bench.id)).state).toBe("done");
    expect(order.toSorted()).toEqual(
      ["sheet", "bench"].flatMap((kind) => [1, 2, 3].map((part) => `${kind} ${part}`)).toSorted(),
    );
  });

  it("lets a run by at the next checkpoint of a reliability sheet, which then goes on", async () => {
    const queue = new JobQueue();
    const order: string[] = [];
    const pace = steps();
    const sheet = queue.add({
      kind: "sheet",
      title: "sheet",
      work: async (control) => {
        control.setRunning();
        for (let part = 1; part <= 2; part++) {
          await pace.step();
          order.push(`sheet ${part}`);
          await control.checkpoint();
        }
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
    const running = steps();
    const run = queue.add({
      kind: "run",
      title: "run",
      work: async () => {
        await running.step();
        order.push("run");
      },
    });
    await pace.go();
    expect(queue.get(sheet.id)?.state).toBe("waiting");
    await running.go();
    await queue.ended(run.id);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(queue.get(sheet.id)?.state).toBe("running");
    await pace.go();
    expect((await queue.ended(sheet.id)).state).toBe("done");
    expect(order).toEqual(["sheet 1", "run", "sheet 2"]);
  });

  it("ends what a job queues while everything is being closed", async () => {
    const queue = new JobQueue();
    let isBegun = false;
    const pace = steps();
    queue.add({
      kind: "run",
      title: "run",
      work: async () => {
        await pace.step();
        queue.add({
          kind: "sheet",
          title: "after it",
          work: () => Promise.resolve(void (isBegun = true)),
        });
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
    const closed = queue.close();
    await pace.go();
    await closed;
    expect(queue.list().map(({ state }) => state)).toEqual(["done", "cancelled"]);
    expect(isBegun).toBe(false);
  });

  it("says waiting, not running, of a resumed run whose turn has not come", async () => {
    const queue = new JobQueue();
    const pace = steps();
    queue.add({ kind: "run", title: "long", work: () => pace.step() });
    const waiting = queue.add({ kind: "run", title: "next", work: () => Promise.resolve() });
    await new Promise((resolve) => setTimeout(resolve, 1));
    queue.pause(waiting.id);
    expect(queue.resume(waiting.id).state).toBe("waiting");
    await pace.go();
    expect((await queue.ended(waiting.id)).state).toBe("done");
  });

  it("ends a waiting job at once when it is cancelled, and tells its owner", async () => {
    const queue = new JobQueue();
    const pace = steps();
    let isTold = false;
    queue.add({ kind: "run", title: "long", work: () => pace.step() });
    const waiting = queue.add({
      kind: "run",
      title: "next",
      work: () => Promise.reject(new Error("must not begin")),
      onCancelledEarly: () => (isTold = true),
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(queue.cancel(waiting.id).state).toBe("cancelled");
    expect(isTold).toBe(true);
    await pace.go();
    expect((await queue.ended(waiting.id)).state).toBe("cancelled");
  });
});
