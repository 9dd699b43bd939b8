import { isEnded, type Job } from "../../../shared/domain/job.ts";
import { message } from "../../../shared/messages/catalogue.ts";

/**
 * Sentences for jobs that have ended since the list was last looked at, each told once (RX-71). Jobs that had ended
 * before the window came are no news; a cancelled one was stopped by a person who saw it.
 */
export class JobNews {
  readonly #going = new Set<string>();

  of(jobs: readonly Job[]): string[] {
    const news: string[] = [];
    for (const job of jobs) {
      if (!isEnded(job.state)) this.#going.add(job.id);
      else if (this.#going.delete(job.id) && job.state !== "cancelled") news.push(words(job));
    }
    return news;
  }
}

function words(job: Job): string {
  const { title } = job;
  if (job.state === "failed") return message("frame.job.stopped", { title });
  if (job.failed > 0) return message("frame.job.finishedFaults", { title, n: job.failed });
  return message("frame.job.finished", { title });
}
