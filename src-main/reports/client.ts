import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { BuiltReport, ReportData } from "./report-data.ts";
import type { SignaturePageData } from "./signature-page.ts";

/** What a worker is started for. */
export type WorkerTask =
  | { readonly kind: "report"; readonly data: ReportData }
  | { readonly kind: "signatures"; readonly data: SignaturePageData; readonly at: string };

/** What the worker posts when it is through. */
export type WorkerReply =
  | { readonly kind: "built"; readonly report: BuiltReport }
  | { readonly kind: "printed"; readonly pdf: Uint8Array }
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
    return this.#run({ kind: "report", data }, signal).then((reply) => {
      if (reply.kind === "built") return reply.report;
      throw new Error("the report worker answered another question");
    });
  }

  /** `signatures.pdf` of a revision; `at` is the only clock. */
  async printSignatures(
    data: SignaturePageData,
    at: string,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const reply = await this.#run({ kind: "signatures", data, at }, signal);
    if (reply.kind !== "printed") throw new Error("the report worker answered another question");
    return reply.pdf;
  }

  #run(task: WorkerTask, signal: AbortSignal): Promise<WorkerReply> {
    signal.throwIfAborted();
    const worker = new Worker(this.#entry, { workerData: task });
    this.#running.add(worker);
    return new Promise<WorkerReply>((resolve, reject) => {
      const onAbort = () => reject(reasonOf(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      worker.once("message", (reply: WorkerReply) => {
        if (reply.kind === "failed") reject(new Error(reply.message, { cause: reply.stack }));
        else resolve(reply);
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
