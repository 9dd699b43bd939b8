import { parentPort, workerData } from "node:worker_threads";
import { buildReport } from "./build-report.ts";
import type { WorkerReply, WorkerTask } from "./client.ts";
import { writeSignatures } from "./pdf/write-signatures.ts";

/** A thread for one report, or for the page of its signatures: data comes in with the thread, files go out. */
function run(task: WorkerTask): WorkerReply {
  try {
    return task.kind === "report"
      ? { kind: "built", report: buildReport(task.data) }
      : { kind: "printed", pdf: writeSignatures(task.data, new Date(task.at)) };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { kind: "failed", message: error.message, stack: error.stack ?? "" };
  }
}

parentPort?.postMessage(run(workerData as WorkerTask)); // as ReportWorker gave it
