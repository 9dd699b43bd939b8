import type { Job, JobState } from "../../../shared/domain/job.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { countWords, etaWords } from "../frame/amount-words.ts";

/** The colour a state's icon and bar take; the icon says the same without it. */
export function jobTone(state: JobState): "accent" | "ok" | "warn" | "bad" | "still" {
  switch (state) {
    case "running":
    case "checking":
      return "accent";
    case "done":
      return "ok";
    case "done-faults":
      return "warn";
    case "failed":
      return "bad";
    case "waiting":
    case "paused":
    case "cancelling":
    case "cancelled":
      return "still";
  }
}

/** "98 of 240 tried, 0 failed, about 2 min left". */
export function progressWords(job: Job): string {
  const counts = message("runs.progress", {
    tried: countWords(job.tried),
    planned: countWords(job.planned),
    failed: countWords(job.failed),
  });
  if (job.state === "running")
    return job.etaSeconds ? `${counts}, ${etaWords(job.etaSeconds)}` : counts;
  return `${message(`job.state.${job.state}`)}. ${counts}`;
}
