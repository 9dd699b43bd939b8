import { randomUUID } from "node:crypto";
import type { Run } from "../../shared/contract/audits.ts";
import type { RunPlan } from "../../shared/contract/runs.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import { failedOutcome } from "../../shared/domain/item.ts";
import { isEnded, type Job, type JobState } from "../../shared/domain/job.ts";
import { methods } from "../../shared/domain/methods.ts";
import type { OtherSource } from "../../shared/domain/other-model.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { sample } from "../../shared/statistics/sample.ts";
import { EngineStopped, type EngineClient } from "../engine/client.ts";
import type { EngineItem } from "../engine/protocol.ts";
import { readHostSettings } from "../store/host-settings.ts";
import { runIdentity } from "../store/runs.ts";
import { commitWhenRoom } from "./commit-when-room.ts";
import { finishRun } from "./finish-run.ts";
import { hasSheet, startSheet, usualSheet } from "./reliability-sheet.ts";
import { fitPhase } from "./fit-phase.ts";
import { planFit } from "./fit-plan.ts";
import { JobCancelled, type JobControl } from "./job-queue.ts";
import { itemEvidence, itemPath, type OpenedAudit } from "./opened-audit.ts";

/** Engine crashes on the same batch before it is taken apart, and on the same item before that is a failed row. */
const crashesAllowed = 3;

export interface StartedRun {
  readonly job: Job | null;
  /** A finished run with the same inputs (RX-72). */
  readonly existing: Run | null;
}

/**
 * Opens the model for `plan`, so that everything left open is decided and what cannot work is refused before a run exists,
 * then queues the run. A run found unfinished with the same inputs goes on instead.
 */
export async function startRun(
  audit: OpenedAudit,
  engine: EngineClient,
  plan: Omit<RunPlan, "others"> & {
    readonly again: boolean;
    readonly sheet?: boolean;
    readonly others?: readonly OtherSource[];
  },
): Promise<StartedRun> {
  const { store } = audit;
  const model = store.model(plan.modelId);
  const opened = await engine.call("openRun", {
    modelPath: model.path,
    preparation: model.preparation,
    tap: plan.tap,
    method: plan.method,
    secondMethod: plan.secondMethod,
    target: plan.target,
    seed: plan.seed,
    fusion: plan.fusion ?? null,
    others: plan.others ?? [],
  });
  await engine.callOnce("closeRun", { handle: opened.handle }).catch(() => null); // gone with its process
  const learning = methods[opened.method].isFitted ? planFit(audit, model, plan) : null;
  const identity = runIdentity({
    modelSha256: model.description.sha256,
    preparation: model.preparation,
    tap: opened.tap.name,
    method: opened.method,
    target: plan.target,
    secondMethod: opened.secondMethod,
    seed: plan.seed,
    items: plan.items,
    listed: store.itemCount(),
    ...(learning ? { fit: { labels: learning.labels, options: learning.options } } : {}),
    ...(opened.others.length > 0
      ? { others: opened.others.map(({ sha256, output }) => ({ sha256, output })) }
      : {}),
  });
  if (!plan.again) {
    const existing = store.finishedRun(identity);
    if (existing) return { job: null, existing };
    const waiting = unfinishedJob(audit, engine, identity);
    if (waiting) return { job: waiting, existing: null };
  }
  const made = {
    id: randomUUID() as RunId, // the one place that makes them
    modelId: plan.modelId,
    method: opened.method,
    tap: opened.tap,
    target: plan.target,
    secondMethod: opened.secondMethod,
    seed: plan.seed,
    device: opened.device,
    gradient: opened.gradient,
    items: plan.items,
    identity,
    others: opened.others,
  };
  const run = store.createRun(made, null, learning);
  return {
    job: queueRun(audit, engine, run, { isPaused: false, withSheet: plan.sheet ?? true }),
    existing: null,
  };
}

/** Puts back, paused, what an earlier host left unfinished (RX-69). */
export function restoreRuns(audit: OpenedAudit, engine: EngineClient): void {
  for (const run of audit.store.interruptedRuns()) queueRun(audit, engine, run, { isPaused: true });
}

/** Goes on with a run that was cancelled, or tries its failed items again. */
export function resumeRun(audit: OpenedAudit, engine: EngineClient, run: RunId): Job {
  const held = heldJob(audit, run);
  if (held) return held.state === "paused" ? audit.jobs.resume(held.id) : held;
  audit.store.retryFailed(run);
  return queueRun(audit, engine, audit.store.runById(run), { isPaused: false });
}

/** The job of an unfinished run with these inputs: resumed where it waits, queued anew where nobody holds it. */
function unfinishedJob(audit: OpenedAudit, engine: EngineClient, identity: string): Job | null {
  const { jobs, store } = audit;
  const run = store.runs().find(({ id }) => {
    const { planIdentity: own, state } = store.runState(id);
    return own === identity && state !== "done" && state !== "done-faults";
  });
  if (!run) return null;
  const job = heldJob(audit, run.id);
  if (!job) return queueRun(audit, engine, run, { isPaused: false });
  return job.state === "paused" ? jobs.resume(job.id) : job;
}

/** The job that has a run in hand, if one does: there is never a second. */
function heldJob({ jobs }: OpenedAudit, run: RunId): Job | null {
  return (
    jobs.list().find((one) => one.run === run && one.kind === "run" && !isEnded(one.state)) ?? null
  );
}

function queueRun(
  audit: OpenedAudit,
  engine: EngineClient,
  run: Run,
  { isPaused, withSheet = true }: { readonly isPaused: boolean; readonly withSheet?: boolean },
): Job {
  return audit.jobs.add({
    kind: "run",
    title: message("jobs.run.title", { no: run.no, method: methods[run.method].label }),
    run: run.id,
    planned: run.planned,
    tried: run.done + run.failed,
    failed: run.failed,
    isPaused,
    onCancelledEarly: () => audit.store.setRunState(run.id, "cancelled"),
    work: async (control) => {
      await work(audit, engine, run.id, control);
      if (withSheet && hasSheet(run)) startSheet(audit, engine, { ...usualSheet, run: run.id });
    },
  });
}

/** The run itself: batch by batch, each durable before it counts; an engine that dies repeats one batch at most. */
async function work(
  audit: OpenedAudit,
  engine: EngineClient,
  runId: RunId,
  control: JobControl,
): Promise<void> {
  const { store } = audit;
  store.setRunState(runId, "running");
  try {
    await fitPhase(audit, engine, runId, control);
    const runner = new Runner(audit, engine, runId, control);
    await runner.toTheEnd();
    await finishRun(store, runId);
  } catch (cause) {
    store.setRunState(runId, stateAfter(control.signal));
    throw cause;
  }
}

function stateAfter({ aborted, reason }: AbortSignal): JobState {
  if (!aborted) return "failed";
  return reason instanceof JobCancelled && reason.isClosing ? "paused" : "cancelled";
}

class Runner {
  readonly #audit: OpenedAudit;
  readonly #engine: EngineClient;
  readonly #runId: RunId;
  readonly #control: JobControl;
  readonly #sampled: ReadonlySet<ItemNo>;
  /** Items a batch carries. */
  readonly #batch = readHostSettings().batch;
  #handle: string | null = null;
  #restarts = 0;
  /** The next batch, whose pictures are read while this one is mapped. */
  #ahead: readonly ItemNo[] = [];

  constructor(audit: OpenedAudit, engine: EngineClient, runId: RunId, control: JobControl) {
    this.#audit = audit;
    this.#engine = engine;
    this.#runId = runId;
    this.#control = control;
    this.#sampled = sampledItems(audit, runId);
  }

  async toTheEnd(): Promise<void> {
    const { store } = this.#audit;
    let pending = store.pendingItems(this.#runId);
    let asked = false;
    try {
      while (pending.length > 0) {
        await this.#control.checkpoint();
        const batch = pending.slice(0, this.#batch);
        this.#ahead = pending.slice(this.#batch, 2 * this.#batch);
        await this.#attempt(batch, crashesAllowed);
        pending = pending.slice(batch.length);
        const { done, failed, planned } = store.runById(this.#runId);
        this.#control.setRunning();
        this.#control.report({
          tried: done + failed,
          failed,
          planned,
          engineRestarts: this.#restarts,
        });
        // More than 5 % of the first 200 failing pauses and asks (RX-66).
        if (
          pending.length > 0 &&
          !asked &&
          failed > 10 &&
          done + failed >= Math.min(200, planned) &&
          done + failed <= 200 + this.#batch
        ) {
          asked = true;
          if (failed > 0.05 * (done + failed)) {
            this.#control.pauseFor(
              new AppError("run/many-failures", { failed, tried: done + failed }),
            );
          }
        }
      }
    } finally {
      if (this.#handle !== null)
        await this.#engine.callOnce("closeRun", { handle: this.#handle }).catch(() => null);
    }
  }

  /** One batch, committed. After `left` crashes it is halved; an item that crashes alone is its own failed row. */
  async #attempt(items: readonly ItemNo[], left: number): Promise<void> {
    try {
      const handle = (this.#handle ??= await this.#open());
      const outcomes = await this.#engine.callOnce(
        "maps",
        {
          handle,
          items: items.map((no) => this.#engineItem(no)),
          batch: this.#batch,
          ahead: this.#ahead.map((no) => this.#engineItem(no)),
        },
        this.#control.signal,
      );
      await commitWhenRoom(this.#control, () =>
        this.#audit.store.commitBatch(this.#runId, outcomes),
      );
    } catch (cause) {
      const isGone = cause instanceof AppError && cause.code === "engine/run-gone";
      if (!isGone && !(cause instanceof EngineStopped)) throw cause;
      this.#handle = null;
      if (isGone) return this.#attempt(items, left); // the engine had died while nobody asked it
      this.#restarts += 1;
      this.#control.report({ engineRestarts: this.#restarts });
      this.#control.signal.throwIfAborted();
      if (left > 1) return this.#attempt(items, left - 1);
      if (items.length > 1) {
        const half = Math.ceil(items.length / 2);
        for (const part of [items.slice(0, half), items.slice(half)]) {
          await this.#attempt(part, part.length === 1 ? crashesAllowed : 1);
        }
        return;
      }
      const error = new AppError(
        "engine/stopped",
        { restarts: crashesAllowed },
        { cause },
      ).toJSON();
      this.#audit.store.commitBatch(this.#runId, [failedOutcome(items[0], error)]);
    }
  }

  async #open(): Promise<string> {
    const { store } = this.#audit;
    const run = store.runById(this.#runId);
    const model = store.model(run.modelId);
    const { others } = store.runState(this.#runId);
    const opened = await this.#engine.callOnce("openRun", {
      modelPath: model.path,
      preparation: model.preparation,
      tap: run.tap.name,
      method: run.method,
      secondMethod: run.secondMethod,
      target: run.target,
      seed: run.seed,
      fitted: store.fit(this.#runId)?.fitted ?? null,
      fusion: run.tap.fusion ?? null,
      others,
    });
    const { handle, device } = opened;
    const changed = opened.others.find(({ sha256 }, k) => sha256 !== others[k]?.sha256);
    if (changed) {
      await this.#engine.callOnce("closeRun", { handle });
      fail("run/other-changed", { file: changed.fileName });
    }
    // After a crash the processor takes over from a device.
    if (!run.device.split(" → ").includes(device))
      store.setRunDevice(this.#runId, `${run.device} → ${device}`);
    return handle;
  }

  #engineItem(no: ItemNo): EngineItem {
    const { store } = this.#audit;
    const run = store.runById(this.#runId);
    const { classNames } = store.model(run.modelId);
    const label = store.item(no).label;
    const index = label === null ? -1 : classNames.indexOf(label);
    return {
      no,
      path: itemPath(this.#audit, no),
      label: index < 0 ? null : index,
      evidence: itemEvidence(this.#audit, no),
      isSampled: this.#sampled.has(no),
    };
  }
}

/** The seeded sample of max(16, 10 %), at most 200 items, on which the metrics that need passes are measured. */
function sampledItems({ store }: OpenedAudit, runId: RunId): ReadonlySet<ItemNo> {
  const { items } = store.runState(runId);
  const all = items ?? Array.from({ length: store.itemCount() }, (_, no) => no);
  const size = Math.min(200, Math.max(16, Math.ceil(all.length / 10)));
  return new Set(sample(all, size, store.runById(runId).seed));
}
