import { AppError } from "../../shared/errors/app-error.ts";
import type { JobControl } from "./job-queue.ts";

/** Commits, and where the disk is full stands still until somebody resumes: what is computed is not thrown away. */
export async function commitWhenRoom(control: JobControl, commit: () => void): Promise<void> {
  for (;;) {
    try {
      commit();
      return;
    } catch (cause) {
      if (!(cause instanceof AppError) || !cause.code.startsWith("storage/")) throw cause;
      control.pauseFor(cause);
      await control.checkpoint();
    }
  }
}
