import { randomUUID } from "node:crypto";
import { fail } from "../../shared/errors/app-error.ts";

interface Closable {
  close(): Promise<void>;
}

/**
 * Runs at work in this process, by handle. A handle is never the same in two processes: one of a dead process must not name a
 * run of its successor.
 */
export class OpenedRuns<Run extends Closable> {
  readonly #runs = new Map<string, Run>();

  add(run: Run): string {
    const handle = randomUUID();
    this.#runs.set(handle, run);
    return handle;
  }

  /** Refuses with `engine/run-gone`. */
  get(handle: string): Run {
    return this.#runs.get(handle) ?? fail("engine/run-gone", {});
  }

  /** Closes what may be closed already. */
  async close(handle: string): Promise<null> {
    const run = this.#runs.get(handle);
    this.#runs.delete(handle);
    await run?.close();
    return null;
  }
}
