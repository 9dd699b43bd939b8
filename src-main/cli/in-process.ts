import type { AuditId, JobId } from "../../shared/domain/ids.ts";
import { isEnded, type Job } from "../../shared/domain/job.ts";
import { AppError } from "../../shared/errors/app-error.ts";
import { start, type Hansight } from "../start.ts";
import { exitCodes } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** Opens the app in this process for one command, and closes it whatever happens. */
export async function withHansight<T>(work: (hansight: Hansight) => Promise<T>): Promise<T> {
  const hansight = await start({});
  try {
    return await work(hansight);
  } finally {
    await hansight.close();
  }
}

/** The audit in a folder given on the command line. */
export async function openAudit(hansight: Hansight, folder: string): Promise<AuditId> {
  const place = await hansight.places.idFor(folder);
  return (await hansight.client.library.open({ place })).auditId;
}

/**
 * Follows a job to its end with a progress bar. Ctrl-C cancels it at the next batch, says how to go on and sets the exit
 * code; a second Ctrl-C ends at once.
 *
 * @throws AppError the job's cause when it failed
 */
export async function followJob(
  { client }: Hansight,
  { auditId, jobId }: { readonly auditId: AuditId; readonly jobId: JobId },
  terminal: Terminal,
): Promise<Job> {
  const interrupt = () => {
    process.exitCode = exitCodes.interrupted;
    void client.runs.cancel({ auditId, jobId });
    process.once("SIGINT", () => process.exit(exitCodes.interrupted));
  };
  process.once("SIGINT", interrupt);
  try {
    for await (const jobs of await client.runs.watch({ auditId })) {
      const job = jobs.find(({ id }) => id === jobId);
      if (!job) continue;
      terminal.progress(job);
      // Nobody can resume a run that stopped for want of space while this process waits for it: end, and say why.
      const isStuck = job.state === "paused" && job.cause !== null;
      if (isStuck) await client.runs.cancel({ auditId, jobId });
      if (!isEnded(job.state) && !isStuck) continue;
      terminal.endProgress();
      if (job.cause) throw new AppError(job.cause.code, job.cause.details);
      return job;
    }
    throw new RangeError("the job's events ended before the job");
  } finally {
    terminal.endProgress();
    process.removeListener("SIGINT", interrupt);
  }
}
