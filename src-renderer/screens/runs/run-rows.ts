import type { Run } from "../../../shared/contract/audits.ts";
import type { RunId } from "../../../shared/domain/ids.ts";
import { isEnded, type Job, type JobState } from "../../../shared/domain/job.ts";

/** A run with the job that makes it, as the list shows them. */
export interface RunRow {
  readonly run: Run;
  readonly job: Job | null;
  readonly state: JobState;
  readonly tried: number;
  readonly planned: number;
  readonly failed: number;
  /** Seconds from start to end; null while it goes on. */
  readonly seconds: number | null;
}

/** Runs newest first, each with its latest job; a run without one shows what the store last knew. */
export function runRows(runs: readonly Run[], jobs: readonly Job[]): RunRow[] {
  const latest = new Map<RunId, Job>();
  for (const job of jobs) if (job.kind === "run" && job.run !== null) latest.set(job.run, job);
  return runs.toReversed().map((run) => {
    const job = latest.get(run.id) ?? null;
    const state = job?.state ?? storedState(run);
    const hasEnded = isEnded(state) && run.startedAt !== null && run.endedAt !== null;
    return {
      run,
      job,
      state,
      tried: Math.max(job?.tried ?? 0, run.done + run.failed),
      planned: job?.planned ?? run.planned,
      failed: Math.max(job?.failed ?? 0, run.failed),
      seconds: hasEnded
        ? (Date.parse(run.endedAt ?? "") - Date.parse(run.startedAt ?? "")) / 1000
        : null,
    };
  });
}

function storedState(run: Run): JobState {
  if (run.endedAt === null) return "paused";
  if (run.done + run.failed < run.planned) return "cancelled";
  return run.failed > 0 ? "done-faults" : "done";
}
