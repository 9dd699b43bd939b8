import { randomUUID } from "node:crypto";
import type { JobId, RunId } from "../../shared/domain/ids.ts";
import { isEnded, type Job, type JobKind } from "../../shared/domain/job.ts";
import type { AppError } from "../../shared/errors/app-error.ts";
import { toErrorJson } from "../../shared/errors/app-error.ts";
import { Lane } from "./lane.ts";

/** Thrown at a checkpoint of a cancelled job; the work lets it pass. */
export class JobCancelled extends Error {
  override readonly name = "JobCancelled";
  /** Closing the app cancels too, but what was under way goes on another day. */
  readonly isClosing: boolean;

  constructor(isClosing: boolean) {
    super(isClosing ? "closing" : "cancelled");
    this.isClosing = isClosing;
  }
}

/** What the work of a job is given to hold: when to stop, when to wait, what to report. */
export interface JobControl {
  /** Aborted by cancel. */
  readonly signal: AbortSignal;
  /** Returns at once while running, waits while paused, throws `JobCancelled` after cancel. */
  checkpoint(): Promise<void>;
  /** `tried` and `planned` never move back, whatever is reported. */
  report(
    progress: Partial<Pick<Job, "tried" | "planned" | "failed" | "engineRestarts" | "fitting">>,
  ): void;
  setRunning(): void;
  /** The job stands still until somebody resumes it; `cause` says why. */
  pauseFor(cause: AppError): void;
}

export interface JobPlan {
  readonly kind: JobKind;
  readonly title: string;
  readonly run?: RunId;
  readonly planned?: number;
  readonly tried?: number;
  readonly failed?: number;
  /** Begins paused: found unfinished when the audit was opened. */
  readonly isPaused?: boolean;
  /** A person cancelled it before its work began. */
  onCancelledEarly?(): void;
  work(control: JobControl): Promise<void>;
}

interface Entry {
  job: Job;
  readonly plan: JobPlan;
  readonly cancel: AbortController;
  resume: (() => void) | null;
  /** Gives the lane back, while the job holds it. */
  leaveLane: (() => void) | null;
  hasBegun: boolean;
  /** (time, tried) since the job last began to run: the speed behind the estimate. */
  began: { atMs: number; tried: number } | null;
  settled: Promise<void>;
}

/**
 * The jobs of one audit. Runs go one after another, since they share the map engine, and reliability sheets, benches and pseudo
 * labels go when no run wants it; everything else starts at once.
 * A job's state only moves along the table of `review-experience.md` 6.5, and each change is announced to watchers.
 */
export class JobQueue {
  #entries = new Map<JobId, Entry>();
  #watchers = new Set<() => void>();
  readonly #lane: Lane;
  #isClosing = false;
  readonly #now: () => number;

  /** `lane` is shared by all whose runs use one map engine. */
  constructor({ lane = new Lane(), now = Date.now }: { lane?: Lane; now?: () => number } = {}) {
    this.#lane = lane;
    this.#now = now;
  }

  add(plan: JobPlan): Job {
    const id = randomUUID() as JobId; // the one place that makes them
    const job: Job = {
      id,
      kind: plan.kind,
      title: plan.title,
      run: plan.run ?? null,
      state: plan.isPaused ? "paused" : "waiting",
      tried: plan.tried ?? 0,
      planned: plan.planned ?? 0,
      failed: plan.failed ?? 0,
      etaSeconds: null,
      engineRestarts: 0,
      cause: null,
    };
    const entry: Entry = {
      job,
      plan,
      cancel: new AbortController(),
      resume: null,
      leaveLane: null,
      hasBegun: false,
      began: null,
      settled: Promise.resolve(),
    };
    this.#entries.set(id, entry);
    if (this.#isClosing) this.cancel(id, true); // queued by one that ends
    entry.settled = this.#begin(entry);
    this.#announce();
    return entry.job;
  }

  list(): readonly Job[] {
    return [...this.#entries.values()].map(({ job }) => job);
  }

  get(id: JobId): Job | undefined {
    return this.#entries.get(id)?.job;
  }

  /** Resolves when the job has ended, whichever way. */
  async ended(id: JobId): Promise<Job> {
    const entry = this.#require(id);
    await entry.settled;
    return entry.job;
  }

  pause(id: JobId): Job {
    const entry = this.#require(id);
    if (
      entry.job.state === "running" ||
      entry.job.state === "checking" ||
      entry.job.state === "waiting"
    ) {
      this.#set(entry, { state: "paused", etaSeconds: null });
    }
    return entry.job;
  }

  resume(id: JobId): Job {
    const entry = this.#require(id);
    if (entry.job.state === "paused") {
      this.#set(entry, { state: entry.hasBegun ? "running" : "waiting", cause: null });
      entry.began = { atMs: this.#now(), tried: entry.job.tried };
      entry.resume?.();
      entry.resume = null;
    }
    return entry.job;
  }

  cancel(id: JobId, isClosing = false): Job {
    const entry = this.#require(id);
    if (isEnded(entry.job.state)) return entry.job;
    if (!entry.hasBegun && !isClosing) entry.plan.onCancelledEarly?.();
    this.#set(entry, { state: entry.hasBegun ? "cancelling" : "cancelled", etaSeconds: null });
    entry.cancel.abort(new JobCancelled(isClosing));
    entry.resume?.();
    entry.resume = null;
    return entry.job;
  }

  /** Stops what is under way and waits for it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const { job } of this.#entries.values()) this.cancel(job.id, true);
    await Promise.all([...this.#entries.values()].map(({ settled }) => settled));
  }

  /** Every change as the whole list, beginning with the present one; ends when `signal` aborts. */
  async *watch(signal?: AbortSignal): AsyncGenerator<readonly Job[]> {
    let wake: () => void = () => undefined;
    let isChanged = true;
    const watcher = () => {
      isChanged = true;
      wake();
    };
    this.#watchers.add(watcher);
    signal?.addEventListener("abort", watcher, { once: true });
    try {
      while (!signal?.aborted) {
        if (isChanged) {
          isChanged = false;
          yield this.list();
        } else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  async #begin(entry: Entry): Promise<void> {
    try {
      const control = this.#controlOf(entry);
      await control.checkpoint();
      entry.hasBegun = true;
      this.#set(entry, { state: "checking" });
      entry.began = { atMs: this.#now(), tried: entry.job.tried };
      await entry.plan.work(control);
      this.#set(entry, { state: entry.job.failed > 0 ? "done-faults" : "done", etaSeconds: null });
    } catch (cause) {
      const isCancelled = entry.cancel.signal.aborted;
      this.#set(entry, {
        state: isCancelled ? "cancelled" : "failed",
        cause: isCancelled ? null : toErrorJson(cause),
        etaSeconds: null,
      });
    } finally {
      this.#leaveLane(entry);
    }
  }

  /** Waits out a pause without the lane, so that other runs may go on, then for the lane. */
  async #waitForTurn(entry: Entry): Promise<void> {
    const { signal } = entry.cancel;
    let hasLetBy = false;
    for (;;) {
      if (entry.job.state === "paused" && !signal.aborted) {
        this.#leaveLane(entry);
        await new Promise<void>((resolve) => (entry.resume = resolve));
        continue;
      }
      signal.throwIfAborted();
      const { kind } = entry.plan;
      if (kind !== "run" && kind !== "sheet" && kind !== "bench" && kind !== "labels") return;
      if (entry.leaveLane) {
        // What nobody has to wait for lets others by once at every checkpoint: two of a kind would do nothing else.
        if (kind === "run" || hasLetBy || !this.#lane.isWanted) return;
        hasLetBy = true;
        this.#leaveLane(entry);
        this.#set(entry, { state: "waiting", etaSeconds: null });
        entry.leaveLane = await this.#lane.enter();
        if (this.#isWaiting(entry)) this.#set(entry, { state: "running" });
        continue;
      }
      const leave = await this.#lane.enter();
      entry.leaveLane = leave;
    }
  }

  /** As it is by now: a person may have paused or cancelled it. */
  #isWaiting({ job }: Entry): boolean {
    return job.state === "waiting";
  }

  #leaveLane(entry: Entry): void {
    entry.leaveLane?.();
    entry.leaveLane = null;
  }

  #controlOf(entry: Entry): JobControl {
    return {
      signal: entry.cancel.signal,
      checkpoint: () => this.#waitForTurn(entry),
      setRunning: () => {
        if (entry.job.state === "checking") this.#set(entry, { state: "running" });
      },
      pauseFor: (cause) =>
        this.#set(entry, { state: "paused", cause: cause.toJSON(), etaSeconds: null }),
      report: (progress) => {
        const { job } = entry;
        const tried = Math.max(job.tried, progress.tried ?? 0);
        const planned = Math.max(job.planned, progress.planned ?? 0);
        this.#set(entry, {
          ...progress,
          tried,
          planned,
          etaSeconds: this.#eta(entry, tried, planned),
        });
      },
    };
  }

  /** Seconds left as a range, only after 30 s of measurements. */
  #eta(entry: Entry, tried: number, planned: number): readonly [number, number] | null {
    if (!entry.began) return null;
    const seconds = (this.#now() - entry.began.atMs) / 1000;
    const done = tried - entry.began.tried;
    if (seconds < 30 || done <= 0) return null;
    const left = ((planned - tried) * seconds) / done;
    return [left * 0.85, left * 1.25];
  }

  #set(entry: Entry, change: Partial<Job>): void {
    entry.job = { ...entry.job, ...change };
    this.#announce();
  }

  #announce(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #require(id: JobId): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new RangeError(`no job ${id}`);
    return entry;
  }
}
