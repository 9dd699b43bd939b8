import { parentPort, workerData } from "node:worker_threads";
import { buildReport } from "./build-report.ts";
import type { WorkerReply } from "./client.ts";
import type { ReportData } from "./report-data.ts";

/** A thread for one report: its data comes in with the thread, its files go out. */
function run(): WorkerReply {
  try {
    return { kind: "built", report: buildReport(workerData as ReportData) }; // as ReportWorker gave it
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { kind: "failed", message: error.message, stack: error.stack ?? "" };
  }
}

parentPort?.postMessage(run());
