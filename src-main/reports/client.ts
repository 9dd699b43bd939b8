import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { BuiltReport, ReportData } from "./report-data.ts";

/** What the worker posts when it is through. */
export type WorkerReply =
  | { readonly kind: "built"; readonly report: BuiltReport }
  | { readonly kind: "failed"; readonly message: string; readonly stack: string };

/**
 * Writes reports in worker threads, one for each build: cancelling ends the thread, and a crash in it fails that build and
 * nothing else.
 */
export class ReportWorker {
  readonly #entry: URL;
  readonly #running = new Set<Worker>();

  /** `entry` is given by tests alone. */
  constructor(entry: URL = workerEntry()) {
    this.#entry = entry;
  }

  build(data: ReportData, signal: AbortSignal): Promise<BuiltReport> {
    signal.throwIfAborted();
    const worker = new Worker(this.#entry, { workerData: data });
    this.#running.add(worker);
    return new Promise<BuiltReport>((resolve, reject) => {
      const onAbort = () => reject(reasonOf(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      worker.once("message", (reply: WorkerReply) => {
        if (reply.kind === "built") resolve(reply.report);
        else reject(new Error(reply.message, { cause: reply.stack }));
      });
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`the report worker ended with ${code}`)));
    }).finally(() => {
      this.#running.delete(worker);
      void worker.terminate();
    });
  }

  /** Ends every build under way. */
  close(): void {
    for (const worker of this.#running) void worker.terminate();
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("aborted");
}

/** Beside this file as source; beside the bundle when packed. */
function workerEntry(): URL {
  const source = new URL("./worker.ts", import.meta.url);
  const isSource = import.meta.url.endsWith(".ts") && existsSync(source);
  return isSource ? source : new URL("./report-worker.js", import.meta.url);
}
