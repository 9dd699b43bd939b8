import type { Message } from "../catalogue.ts";

/** English: runs. */
export const runs = {
  "job.state.waiting": "Waiting",
  "job.state.checking": "Checking",
  "job.state.running": "Running",
  "job.state.paused": "Paused",
  "job.state.cancelling": "Cancelling",
  "job.state.cancelled": "Cancelled",
  "job.state.failed": "Failed",
  "job.state.done": "Done",
  "job.state.done-faults": "Done, with faults",

  "runs.title": "Runs",
  "runs.pause": "Pause",
  "runs.resume": "Resume",
  "runs.cancel": "Cancel",
  "runs.progress": "{tried} of {planned} tried, {failed} failed",
} satisfies Record<string, Message>;
