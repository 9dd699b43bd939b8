import type { ReportData, ReportFile } from "./report-data.ts";

/** One format of export. */
export interface ReportWriter {
  readonly id: "csv" | "json";
  write(data: ReportData): ReportFile[];
}
