import { createHash } from "node:crypto";
import type { ReportData, ReportFile } from "./report-data.ts";

/** What the report's numbers rest on: every data file by hash, and the record entry they were read at. */
export interface Content {
  readonly file: ReportFile;
  /** Of `content.json`; its first 12 digits stand in the foot of every page. */
  readonly sha256: string;
  readonly entries: readonly ContentEntry[];
}

export interface ContentEntry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** `content.json`: the sorted list of data files, with number and hash of the record's last entry. */
export function contentOf(files: readonly ReportFile[], data: ReportData): Content {
  const entries = files
    .map(({ name, bytes }) => ({
      path: name,
      bytes: bytes.byteLength,
      sha256: sha256Of(bytes),
    }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const record = { no: data.audit.recordNo, hash: data.recordHash };
  const bytes = new TextEncoder().encode(
    `${JSON.stringify({ files: entries, record }, null, 1)}\n`,
  );
  return { file: { name: "content.json", bytes }, sha256: sha256Of(bytes), entries };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
