import type { ReportData, ReportFile } from "./report-data.ts";

/** Writes a report's files. */
export class ReportWorker {
  build(data: ReportData, signal: AbortSignal): Promise<{ files: ReportFile[]; pages: Uint8Array[] }> {
    signal.throwIfAborted();
    const bytes = Buffer.from(JSON.stringify({ schema: 1, summary: data.summary }));
    return Promise.resolve({ files: [{ name: "bundle.json", bytes }], pages: [] });
  }

  close(): void {
    return;
  }
}
